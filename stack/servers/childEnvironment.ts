const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TZ', 'SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS']

/** The environment of a child: what a program needs to run at all, and what it is given; nothing else leaks in. */
export const childEnvironment = (given: Record<string, string> = {}): Record<string, string> => {
  const inherited = kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]))
  return { ...Object.fromEntries(inherited), ...given }
}
