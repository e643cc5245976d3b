import { expect, test } from 'vitest'
import { shortCgroup, stripIds } from '@/lib/incidents/cgroup-path'

const ID = '4be1f7a09c3d'.padEnd(64, '0')

test('two starts of a container have one path', () => {
  expect(stripIds(`/docker/${ID}`)).toBe('/docker/*')
  expect(stripIds('/kubepods/burstable/pod7f9c1c5e-0c6b-4f0a-9c3e-0a1b2c3d4e5f')).toBe('/kubepods/burstable/pod*')
  expect(stripIds('/user.slice/user-1000.slice/session-2.scope')).toBe('/user.slice/user-*.slice/session-*.scope')
})

test('names of letters that could be hexadecimal stay', () => {
  expect(stripIds('/system.slice/facade.service')).toBe('/system.slice/facade.service')
})

test('a group is known by its short container id, its pod, or its last name', () => {
  expect(shortCgroup(`/system.slice/docker-${ID}.scope`)).toBe('container 4be1f7a09c3d')
  expect(shortCgroup('/kubepods.slice/kubepods-pod7f9c1c5e_0c6b_4f0a_9c3e_0a1b2c3d4e5f.slice')).toBe('pod 7f9c1c5e')
  expect(shortCgroup('/system.slice/indexer.service')).toBe('indexer.service')
  expect(shortCgroup('/1/2')).toBe('/1/2')
  expect(shortCgroup('/')).toBe('/')
})
