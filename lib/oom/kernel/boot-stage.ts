// "RAMDISK: Compressed image found at block 0", "Freeing unused kernel memory: 248k freed", "Run /init as init process"
const STAGE =
  /^(?:RAMDISK: |NET4: |VFS: Mounted root|Freeing (?:unused kernel|initrd) |Trying to unpack rootfs image|Unpacking initramfs|checking if image is initramfs|Run \/\S{1,100} as init process|Calibrating delay loop|Loading compiled-in X\.509 certificates)/

/** True for a line that the kernel prints only while it starts. */
export function isBootStage(message: string): boolean {
  return STAGE.test(message.length > 160 ? message.slice(0, 160) : message)
}
