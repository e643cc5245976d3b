/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // A traced copy of the server runs wherever the launcher puts it (bin/launcher/runtime.mjs).
  output: 'standalone',
  outputFileTracingRoot: import.meta.dirname,
  turbopack: { root: import.meta.dirname },
  // Holds a program for the processor at hand, which cannot be bundled; our own programs find it here, too.
  serverExternalPackages: ['snappy'],
  // The optimiser turns bytes from the network into work for an image library; oomscope serves no images through it.
  images: { unoptimized: true },
  async headers() {
    // The address of a shared link is its key: it must not travel on as a referrer, nor be found by searching.
    const shared = [
      { key: 'Referrer-Policy', value: 'no-referrer' },
      { key: 'X-Robots-Tag', value: 'noindex, nofollow' },
    ]
    return [{ source: '/s/:path*', headers: shared }]
  },
  // `npm test` checks types; `npm start` on a fresh machine need not wait for it.
  typescript: { ignoreBuildErrors: true },
}

export default config
