declare module 'unbzip2-stream' {
  import type { Duplex } from 'node:stream'
  /** Unpacks bzip2; an old-style stream, so it has no `destroy` that frees anything. */
  export default function unbzip2(): Duplex
}
