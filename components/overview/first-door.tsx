'use client'

import { useRouter } from 'next/navigation'
import { DropTarget } from '@/components/uploads/drop-target'
import { keepForUpload } from '@/components/uploads/pending-files'
import { routes } from '@/lib/routes'

/** Takes files right here and carries them to the upload page, where they are shown before they are sent. */
export function FirstDoor() {
  const router = useRouter()
  const carry = (files: File[]) => {
    keepForUpload(files)
    router.push(routes.upload())
  }
  return (
    <DropTarget lead="Drop files here" onFiles={carry}>
      or <a href={routes.upload()}>paste text on the upload page</a>
    </DropTarget>
  )
}
