/** Names that tell nothing about whose machine it is: a redacted page keeps them, because its story needs them. */
const PROGRAMS = `
  apache2 apache httpd nginx haproxy varnishd squid lighttpd caddy traefik envoy php php-fpm php-cgi uwsgi gunicorn
  celery puma unicorn passenger sidekiq ruby bundle rails python perl node nodejs npm yarn java javac gradle mvn go rustc
  cargo dotnet mono beam.smp erl erlang lua R Rscript julia octave matlab ghc swipl sbcl deno bun
  mysqld mysql mariadbd mariadb mysqldump postgres postmaster psql pg_dump mongod mongos mongo redis-server redis-cli redis memcached
  oracle ora_pmon tnslsnr clickhouse influxd cassandra elasticsearch opensearch solr kibana logstash etcd consul vault
  nomad rabbitmq kafka zookeeper nats-server minio ceph-osd ceph-mon ceph-mds glusterfs glusterfsd prometheus grafana
  node_exporter telegraf collectd fluentd fluent-bit filebeat metricbeat promtail vector alertmanager victoria-metrics
  dockerd docker docker-proxy containerd containerd-shim runc crun crio podman conmon kubelet kube-proxy kube-apiserver
  kube-scheduler kube-controller coredns calico-node flanneld cilium-agent pause tini dumb-init
  systemd systemd-oomd systemd-journald systemd-journal systemd-logind systemd-resolved systemd-resolve systemd-network systemd-networkd
  systemd-timesyncd systemd-timesyn systemd-udevd systemd-udev udevd init upstart dbus-daemon dbus-launch dbus-broker polkitd rsyslog rsyslogd syslogd syslog-ng klogd journald
  auditd crond cron atd anacron sshd ssh ssh-agent sftp-server sudo su login getty agetty mingetty bash sh dash zsh fish ksh csh tcsh
  screen tmux top htop atop ps free vmstat sar sadc iostat cat tail head grep egrep awk gawk mawk sed sort uniq wc find xargs cut tr tee less more
  vi vim nano emacs tar gzip gunzip bzip2 xz zstd zip unzip rsync scp cp mv rm ls dd du df mkfs fsck mount umount
  curl wget git svn make gcc g++ cc cc1 cc1plus ld ld.gold as clang clang++ lld ninja cmake bazel
  apt apt-get aptitude dpkg yum dnf rpm packagekitd unattended-upgr snapd snap flatpak updatedb mlocate logrotate
  sendmail postfix master qmgr pickup smtp smtpd cleanup exim exim4 dovecot imap imapd imap-login pop3 pop3-login courier
  amavisd amavis clamd clamscan freshclam spamd spamassassin rspamd mrtg cacti nagios icinga zabbix_agentd zabbix_server munin snmpd
  named bind unbound dnsmasq ntpd chronyd dhclient dhcpd NetworkManager wpa_supplicant avahi-daemon cupsd bluetoothd
  smbd nmbd winbindd nfsd rpcbind rpc.statd slapd sssd nscd openvpn wireguard fail2ban iptables firewalld
  Xorg Xwayland X gnome-shell gnome-session gnome-settings gdm gdm3 lightdm kwin kwin_x11 plasmashell plasma xfce4 cinnamon mutter
  firefox firefox-bin thunderbird chrome chromium chromium-browse google-chrome opera brave Web Content WebExtensions Isolated Privileged
  code electron slack teams zoom skype spotify vlc mpv mplayer ffmpeg ffprobe convert magick ImageMagick gimp soffice soffice.bin evince eog
  nautilus dolphin tracker tracker-miner baloo_file evolution goa-daemon pulseaudio pipewire wireplumber gvfsd at-spi2 ibus-daemon
  qemu qemu-kvm qemu-system-x86 kvm libvirtd virtqemud vboxheadless VBoxHeadless VBoxSVC vmtoolsd vmware lxc lxd lxcfs xenstored
  stress stress-ng memhog fio sysbench trinity cdrecord mkisofs growisofs plymouthd plymouth earlyoom nohang oomd lmkd swapper kthreadd kswapd khugepaged
  jenkins tomcat catalina jboss wildfly activemq gitlab gitea hadoop spark flink airflow jupyter
`

/** Accounts of distributions and packages. */
const ACCOUNTS = `root admin administrator nobody daemon bin sys adm sync games man lp mail news uucp proxy www-data www
  backup list irc gnats systemd messagebus sshd ntp mysql postgres mongodb redis apache nginx nobody4 nfsnobody default
  ec2-user ubuntu debian centos fedora user unknown anonymous guest operator ftp dbus polkitd rpc rpcuser tomcat jenkins`

/** Words of kernel reports and of the sentences around them, which a program or group may also be called by. */
const WORDS = `kernel linux memory mem free total used swap cache cached buffers active inactive anon file slab page pages node zone
  normal dma dma32 movable highmem present managed min low high kill killed kills process processes out of and the for with in on at to a an is was
  be by or not from no yes all host user group task tasks name time limit usage failcnt system service container pod order mode mask
  gfp_mask score adj pid uid tgid rss vm cpu info warning error debug critical stats local localhost space slice bytes kb kib mb mib
  log line lines other app test server client default main worker id has had have that this it its then who which`

const PUBLIC_PROGRAMS = wordsOf(PROGRAMS)
const PUBLIC_ACCOUNTS = wordsOf(ACCOUNTS)
const PLAIN_WORDS = wordsOf(WORDS)

// "kworker/0:1", "ksoftirqd/3", "jbd2/sda1-8", "rcu_sched", "kswapd0"
const KERNEL_THREAD =
  /^(?:kworker|ksoftirqd|migration|watchdog|cpuhp|idle_inject|irq|jbd2|kswapd|kcompactd|rcu[a-z_]*|scsi_eh|nvme|xfs[a-z-]*|ext4[a-z-]*|btrfs[a-z-]*|kcryptd[a-z_]*|flush|swapper|events|pdflush|kblockd|kjournald|md|dm)[\d/_:.-][\w/:.+-]*$/

/** A program whose name says what it does, not whose it is. A version ("python3.11") and the kernel's cut at 15 characters are looked through. */
export function isPublicProgram(comm: string): boolean {
  const name = comm.toLowerCase().replace(/^[(-]+|[):]+$/g, '')
  const bare = name.replace(/[-.\d]+$/, '')
  return PUBLIC_PROGRAMS.has(name) || PUBLIC_PROGRAMS.has(bare) || KERNEL_THREAD.test(name) || isPlainWord(name)
}

/** An account that every machine of its kind has. */
export function isPublicAccount(name: string): boolean {
  return PUBLIC_ACCOUNTS.has(name.toLowerCase()) || isPublicProgram(name)
}

/** A word of the kernel's reports or of plain English that names nobody. */
export function isPlainWord(text: string): boolean {
  return PLAIN_WORDS.has(text.toLowerCase()) || /^[\d\W_]*$/.test(text)
}

function wordsOf(text: string): ReadonlySet<string> {
  return new Set(
    text
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
  )
}
