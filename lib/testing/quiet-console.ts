import { afterEach, beforeEach, expect, type MockInstance, vi } from 'vitest'

// Code under test has nothing to complain about; what it prints is a finding.
let complaints: MockInstance[] = []

beforeEach(() => {
  complaints = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')]
})

afterEach(() => {
  const printed = complaints.flatMap((spy) => spy.mock.calls)
  for (const spy of complaints) spy.mockRestore()
  expect(printed).toEqual([])
})
