#!/bin/sh
# oomscope agent: sends memory, the largest processes, cgroups and the kernel log of this machine to oomscope.
#
# Needs a POSIX shell, awk, and curl or wget. Root only for the kernel log where dmesg is restricted, and to protect
# itself from the OOM killer. Writes nothing outside its own folders. `oomscope-agent help` lists the commands.
#
# Everything measured is first written to a spool on disk, one file a round, and removed once the server has stored it:
# killed at any moment, or with the server away, it loses nothing and sends nothing twice (the server knows a sample by
# host and instant, a line by its time and text).

set -u
umask 077
LC_ALL=C
export LC_ALL

# Filled in by the server that this script was fetched from.
DEFAULT_URL='__OOMSCOPE_URL__'

INTERVAL=${OOMSCOPE_INTERVAL:-10}
SPOOL_KIB=${OOMSCOPE_SPOOL_KIB:-20480}
PROC=${OOMSCOPE_PROC:-/proc}
SYS=${OOMSCOPE_SYS:-/sys}
# What is told of the minutes before a kill is dropped last when the spool is full.
PROTECT_BEFORE_SECONDS=600
PROTECT_AFTER_SECONDS=120
# Of a log that nobody has sent yet, this many lines: more than the kernel's own buffer holds as a rule.
LOG_LINES=4000
ROUNDS_PER_POST=12
LONGEST_PAUSE=300

main() {
  command=run
  case ${1:-} in
    install | uninstall | run | start | stop | status | help) command=$1; shift ;;
    -h | --help) command=help; shift ;;
  esac
  choose_folders
  url='' token='' host='' mode=loop
  while [ $# -gt 0 ]; do
    case $1 in
      --url) url=${2:-}; shift ;;
      --token) token=${2:-}; shift ;;
      --host) host=${2:-}; shift ;;
      --once) mode=once ;;
      --dry-run) mode=dry-run ;;
      *) fail "unknown option $1; see: oomscope-agent help" ;;
    esac
    shift
  done
  read_settings
  "do_$command"
}

do_help() {
  cat <<'TEXT'
oomscope-agent [run] [--once | --dry-run]   measure and send every 10 seconds; once; or print what would be sent
oomscope-agent install --token T [--url U] [--host NAME]
                                            install for this user (as root: for the machine) and start
oomscope-agent start | stop | status        of an agent that no service manager looks after
oomscope-agent uninstall                    stop and remove everything, what is not sent yet included

Settings: --url, --token and --host, or OOMSCOPE_URL, OOMSCOPE_TOKEN and OOMSCOPE_HOST, or the file install writes.
OOMSCOPE_SPOOL_KIB (20480) bounds what is kept on disk while the server is away; OOMSCOPE_INTERVAL (10) is in seconds;
OOMSCOPE_DMESG is the command that prints the kernel log.
TEXT
}

# --- settings and folders ---------------------------------------------------------------------------------------------

choose_folders() {
  if [ "$(id -u)" = 0 ]; then
    program=/usr/local/bin/oomscope-agent
    settings=/etc/oomscope-agent.conf
    state=/var/lib/oomscope-agent
  else
    program=${HOME:-/tmp}/.local/bin/oomscope-agent
    settings=${XDG_CONFIG_HOME:-${HOME:-/tmp}/.config}/oomscope-agent.conf
    state=${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}/oomscope-agent
  fi
  state=${OOMSCOPE_STATE:-$state}
  spool=$state/spool
}

read_settings() {
  saved_url='' saved_token='' saved_host=''
  # Written by write_settings alone, readable by this user alone.
  # shellcheck disable=SC1090
  [ -r "$settings" ] && . "$settings"
  : "${url:=${OOMSCOPE_URL:-$saved_url}}"
  : "${token:=${OOMSCOPE_TOKEN:-$saved_token}}"
  : "${host:=${OOMSCOPE_HOST:-$saved_host}}"
  case $DEFAULT_URL in http*) : "${url:=$DEFAULT_URL}" ;; esac
  : "${host:=$(uname -n)}"
  url=${url%/}
  host=$(printf %s "$host" | tr -c 'A-Za-z0-9._:@-' '_')
  case $token in *[!A-Za-z0-9_]*) fail 'the token has characters that no token has' ;; esac
  case $url in *[\'\"\ \\]*) fail 'the address has characters that no address has' ;; esac
}

write_settings() {
  mkdir -p "$(dirname "$settings")"
  {
    echo '# Written by oomscope-agent install.'
    echo "saved_url='$url'"
    echo "saved_token='$token'"
    echo "saved_host='$host'"
  } > "$settings.new" && mv "$settings.new" "$settings"
}

say() { echo "oomscope-agent: $*"; }
warn() { echo "oomscope-agent: $*" >&2; }
fail() { warn "$*"; exit 1; }
have() { command -v "$1" > /dev/null 2>&1; }

# --- commands ---------------------------------------------------------------------------------------------------------

do_run() {
  if [ "$mode" = dry-run ]; then
    state=$(mktemp -d) || fail 'no temporary folder'
    spool=$state/spool
    prepare_state
    round
    cat "$spool"/* 2> /dev/null
    rm -rf "$state"
    return
  fi
  require_settings
  prepare_state
  protect
  take_lock || { say 'is running already'; exit 0; }
  if [ "$mode" = once ]; then
    round
    send_all
    result=$?
    rm -rf "$state/lock"
    [ $result = 0 ] || fail "the server did not take it (HTTP $status); it is kept in $spool"
    return
  fi
  trap 'stop_now' TERM INT HUP
  rmdir "$state/sending" 2> /dev/null
  send_previous_boot
  sender='' sleeper='' pause=0 retry_at=0
  next=$(date +%s)
  while :; do
    round
    start_sender
    next=$((next + INTERVAL))
    now=$(date +%s)
    # After a suspend, a stepped clock or a stall there is nothing to catch up on.
    if [ "$next" -le "$now" ] || [ "$next" -gt $((now + INTERVAL)) ]; then next=$((now + INTERVAL)); fi
    # In the background, so that a signal need not wait for it.
    sleep $((next - now)) &
    sleeper=$!
    wait $sleeper
  done
}

require_settings() {
  [ -n "$url" ] || fail 'the address of the server is missing: --url http://…'
  [ -n "$token" ] || fail 'the token is missing: --token oom_…'
  have awk || fail 'awk is missing'
  have curl || have wget || fail 'curl or wget is missing'
}

prepare_state() {
  mkdir -p "$spool" || fail "cannot write to $state"
  page_size=$(getconf PAGESIZE 2> /dev/null) || page_size=4096
  boot=$(tr -d '-' < "$PROC/sys/kernel/random/boot_id" 2> /dev/null) || boot=''
  rounds=0 protected_until=0 serial=0
  find_cgroups
  # -r tells the priority; the oldest dmesg does not know it and prints none.
  dmesg=${OOMSCOPE_DMESG:-dmesg -r}
  $dmesg > /dev/null 2>&1 || dmesg=dmesg
  printf 'header = "Authorization: Bearer %s"\n' "$token" > "$state/curl.conf"
  printf 'header = Authorization: Bearer %s\n' "$token" > "$state/wget.conf"
}

# The OOM killer takes whom it can; an agent that reports on it should be the last. Ordinary users may not.
protect() {
  { echo -900 > "$PROC/self/oom_score_adj"; } 2> /dev/null || { echo -16 > "$PROC/self/oom_adj"; } 2> /dev/null
}

take_lock() {
  if mkdir "$state/lock" 2> /dev/null; then echo $$ > "$state/lock/pid"; return 0; fi
  owner=$(cat "$state/lock/pid" 2> /dev/null)
  if [ -n "$owner" ] && [ "$owner" != $$ ] && is_agent "$owner"; then return 1; fi
  echo $$ > "$state/lock/pid"
}

# The number of a process that is gone may belong to another one by now.
is_agent() { grep -q oomscope-agent "/proc/$1/cmdline" 2> /dev/null; }

stop_now() {
  trap '' TERM INT HUP
  # shellcheck disable=SC2086 # none, one or two
  kill $sender $sleeper 2> /dev/null
  rm -rf "$state/lock" "$state/sending"
  exit 0
}

do_install() {
  require_settings
  do_stop > /dev/null
  write_settings
  mkdir -p "$(dirname "$program")" "$spool"
  if [ -f "$0" ] && grep -q 'oomscope agent:' "$0" 2> /dev/null; then
    [ "$0" = "$program" ] || cp "$0" "$program.new"
  else
    # Piped into sh: the text is gone, so it is fetched again, to a file.
    fetch "$url/agent.sh" > "$program.new" && grep -q 'oomscope agent:' "$program.new" || fail "cannot fetch $url/agent.sh"
  fi
  [ -f "$program.new" ] && chmod 755 "$program.new" && mv "$program.new" "$program"
  if [ "$(id -u)" = 0 ] && [ -d /run/systemd/system ]; then
    install_systemd
  elif [ "$(id -u)" = 0 ] && have openrc-run; then
    install_openrc
  elif have crontab; then
    install_cron
  else
    do_start
    say "no service manager and no cron here: run '$program start' after each boot"
  fi
  say "installed; it sends to $url as $host"
}

fetch() {
  if have curl; then curl -fsS --max-time 60 "$1"; else wget -q -O - "$1"; fi
}

install_systemd() {
  cat > /etc/systemd/system/oomscope-agent.service <<UNIT
[Unit]
Description=oomscope agent
After=network.target

[Service]
ExecStart=$program run
Restart=always
RestartSec=5
OOMScoreAdjust=-900
Nice=5
NoNewPrivileges=yes

[Install]
WantedBy=multi-user.target
UNIT
  chmod 644 /etc/systemd/system/oomscope-agent.service
  systemctl daemon-reload
  systemctl enable oomscope-agent > /dev/null 2>&1
  systemctl restart oomscope-agent || fail 'systemctl could not start it: journalctl -u oomscope-agent'
}

install_openrc() {
  {
    echo "#!$(command -v openrc-run)"
    echo 'description="oomscope agent"'
    echo "command=$program"
    echo 'command_args=run'
    echo 'pidfile=/run/oomscope-agent.pid'
    echo 'depend() { use net; }'
    if have supervise-daemon; then
      echo 'supervisor=supervise-daemon'
      echo 'respawn_delay=5'
      echo 'respawn_max=0'
    else
      # start-stop-daemon looks for the name of the script, but the process is called after the shell that runs it; and one
      # that is gone already must not keep it from being started again.
      echo 'command_background=yes'
      # shellcheck disable=SC2016
      echo 'stop() { start-stop-daemon --stop --quiet --pidfile "$pidfile"; return 0; }'
    fi
  } > /etc/init.d/oomscope-agent
  chmod 755 /etc/init.d/oomscope-agent
  rc-update add oomscope-agent default > /dev/null
  rc-service oomscope-agent restart
}

# The lock makes a second one leave at once, so cron both starts it after a boot and brings it back when it is gone.
install_cron() {
  { crontab -l 2> /dev/null | grep -v oomscope-agent; echo "* * * * * $program start > /dev/null 2>&1"; } | crontab -
  do_start
}

do_start() {
  # cron asks every minute: the log of the one that runs must not begin again.
  owner=$(cat "$state/lock/pid" 2> /dev/null)
  if [ -n "$owner" ] && is_agent "$owner"; then say 'is running already'; return 0; fi
  mkdir -p "$state"
  nohup "$program" run > "$state/log" 2>&1 < /dev/null &
}

do_stop() {
  owner=$(cat "$state/lock/pid" 2> /dev/null) || { say 'does not run'; return 0; }
  if is_agent "$owner"; then kill "$owner" && say 'stopped'; fi
}

do_status() {
  owner=$(cat "$state/lock/pid" 2> /dev/null)
  if [ -n "$owner" ] && is_agent "$owner"; then say "runs as process $owner"; else say 'does not run'; fi
  set -- "$spool"/*
  [ -e "$1" ] || set --
  say "$# rounds wait to be sent to $url as $host"
}

do_uninstall() {
  if [ -f /etc/systemd/system/oomscope-agent.service ] && [ "$(id -u)" = 0 ]; then
    systemctl disable oomscope-agent > /dev/null 2>&1
    systemctl stop oomscope-agent
    rm -f /etc/systemd/system/oomscope-agent.service
    systemctl daemon-reload
  fi
  if [ -f /etc/init.d/oomscope-agent ] && [ "$(id -u)" = 0 ]; then
    rc-service oomscope-agent stop
    rc-update del oomscope-agent default > /dev/null
    rm -f /etc/init.d/oomscope-agent
  fi
  if have crontab && crontab -l 2> /dev/null | grep -q oomscope-agent; then
    crontab -l | grep -v oomscope-agent | crontab -
  fi
  do_stop > /dev/null
  rm -rf "$state" "$settings" "$program"
  say 'removed'
}

# --- one round --------------------------------------------------------------------------------------------------------

# What was told last is noted after the round is safe in the spool: killed in between, it tells a few lines again.
round() {
  now=$(date +%s)
  serial=$((serial + 1))
  measure > "$state/round" && [ -s "$state/round" ] && keep m
  [ -f "$state/counters.new" ] && mv "$state/counters.new" "$state/counters"
  read_kernel_log > "$state/round" && [ -s "$state/round" ] && keep k
  [ -f "$state/kernel.new" ] && mv "$state/kernel.new" "$state/kernel"
  if [ -f "$state/kernel.killed" ]; then
    rm -f "$state/kernel.killed"
    protect_rounds
    # Worth another try at once, however long the server has been away.
    retry_at=0
  fi
  rounds=$((rounds + 1))
  [ $((rounds % 360)) = 0 ] && find_cgroups
}

# Renaming is all or nothing: a half-written round is never sent. The name sorts by time; two agents never share one.
keep() {
  kind=$1
  [ "$kind" = m ] && [ "$now" -lt "$protected_until" ] && kind=p
  mv "$state/round" "$spool/$kind-$now-$$-$serial"
}

# Memory, processes and cgroups at this moment, as rows of POST /api/v1/metrics. Counters become rates against the
# round before, by the machine's own uptime: the wall clock may be set in between.
measure() {
  {
    ls "$PROC"
    # Where there are thousands of cgroups, walking them costs too much for every round.
    if [ -n "$cgroup_root" ] && { [ "${cgroup_count:-0}" -lt 400 ] || [ $((rounds % 6)) = 0 ]; }; then
      find "$cgroup_root" -name "$cgroup_usage" 2> /dev/null
    fi
  } | awk -v now="$now" -v host="$host" -v proc="$PROC" -v page="$page_size" -v boot="$boot" -v rounds="$rounds" \
    -v counters="$state/counters" -v root="$cgroup_root" -v version="$cgroup_version" "$MEASURE"
}

find_cgroups() {
  cgroup_root='' cgroup_version=0 cgroup_usage='' cgroup_count=0
  [ -r "$PROC/mounts" ] || return 0
  # cgroup v1 with the memory controller stands above v2: where both are mounted, memory is counted in v1.
  cgroup_root=$(awk '$3 == "cgroup" && $4 ~ /(^|,)memory(,|$)/ { print $2; exit }' "$PROC/mounts")
  cgroup_version=1 cgroup_usage=memory.usage_in_bytes
  if [ -z "$cgroup_root" ]; then
    cgroup_root=$(awk '$3 == "cgroup2" { print $2; exit }' "$PROC/mounts")
    cgroup_version=2 cgroup_usage=memory.current
  fi
  [ -n "$cgroup_root" ] || return 0
  cgroup_count=$(find "$cgroup_root" -name "$cgroup_usage" 2> /dev/null | wc -l)
}

JSON='
# A JSON string. Bytes that are no UTF-8 become U+FFFD: one broken name must not cost the whole round.
function quote(text,   out, i, c, n, need, part) {
  if (text !~ /["\\]/ && text !~ /[^ -~]/) return "\"" text "\""
  if (!ready) { for (i = 0; i < 256; i++) code[sprintf("%c", i)] = i; ready = 1 }
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1); n = code[c]
    if (c == "\"" || c == "\\") out = out "\\" c
    else if (n < 32) out = out sprintf("\\u%04x", n)
    else if (n < 127) out = out c
    else {
      need = n >= 240 && n < 245 ? 3 : n >= 224 && n < 240 ? 2 : n >= 194 && n < 224 ? 1 : 0
      part = substr(text, i + 1, need)
      if (need && length(part) == need && continues(part)) { out = out c part; i += need }
      else out = out "\\ufffd"
    }
  }
  return "\"" out "\""
}
function continues(part,   i, n) {
  for (i = 1; i <= length(part); i++) { n = code[substr(part, i, 1)]; if (n < 128 || n > 191) return 0 }
  return 1
}
'

MEASURE=$JSON'
function put(name, value) { if (value != "") row = row sprintf(",\"%s\":%.0f", name, value) }
function put_exact(name, value) { if (value != "") row = row sprintf(",\"%s\":%.6g", name, value) }
function first(file,   line) { line = ""; getline line < file; close(file); return line }

function read_memory(   line, part, file) {
  file = proc "/meminfo"
  while ((getline line < file) > 0) { split(line, part, /[: ]+/); memory[part[1]] = part[2] * 1024 }
  close(file)
}
function read_counters(   line, part, file) {
  file = proc "/vmstat"
  while ((getline line < file) > 0) {
    split(line, part, " ")
    # One a memory zone since Linux 4.10, one in all before.
    if (part[1] ~ /^allocstall/) count["allocstall"] += part[2]
    else count[part[1]] = part[2]
  }
  close(file)
  uptime = first(proc "/uptime") + 0
}
function read_before(   line, part) {
  while ((getline line < counters) > 0) {
    split(line, part, "\t")
    if (part[1] == "swapped") watched[part[2]] = 1
    else before[part[1], part[2]] = part[3]
  }
  close(counters)
  hasBefore = (("boot", "") in before) && before["boot", ""] == boot
  if (!hasBefore) split("", before)
}
# Per second since the round before; nothing without one, or when the counter went back.
function rate(name, factor,   passed, grown) {
  passed = uptime - before["uptime", ""]
  if (!(("counter", name) in before) || !(name in count) || passed <= 0) return ""
  grown = count[name] - before["counter", name]
  return grown < 0 ? "" : grown * factor / passed
}
function print_sample(   kills, load, part, file, line) {
  row = ""
  put("memTotal", memory["MemTotal"]); put("memFree", memory["MemFree"]); put("memAvailable", memory["MemAvailable"])
  put("buffers", memory["Buffers"]); put("cached", memory["Cached"]); put("shmem", memory["Shmem"])
  put("anonPages", memory["AnonPages"]); put("sReclaimable", memory["SReclaimable"])
  put("sUnreclaim", memory["SUnreclaim"]); put("pageTables", memory["PageTables"])
  put("kernelStack", memory["KernelStack"]); put("committedAs", memory["Committed_AS"])
  put("commitLimit", memory["CommitLimit"]); put("dirty", memory["Dirty"]); put("writeback", memory["Writeback"])
  put("swapTotal", memory["SwapTotal"]); put("swapFree", memory["SwapFree"]); put("swapCached", memory["SwapCached"])
  put_exact("swapInPerSec", rate("pswpin", page)); put_exact("swapOutPerSec", rate("pswpout", page))
  put_exact("majorFaultsPerSec", rate("pgmajfault", 1)); put_exact("allocStallPerSec", rate("allocstall", 1))
  if (("counter", "oom_kill") in before && "oom_kill" in count) {
    kills = count["oom_kill"] - before["counter", "oom_kill"]
    if (kills >= 0) put("oomKills", kills)
  }
  load = first(proc "/loadavg")
  if (split(load, part, " ") >= 3) { put_exact("load1", part[1]); put_exact("load5", part[2]); put_exact("load15", part[3]) }
  # some avg10=0.00 avg60=0.00 avg300=0.00 total=0
  file = proc "/pressure/memory"
  while ((getline line < file) > 0) {
    split(line, part, /[ =]/)
    put_exact(part[1] == "some" ? "psiMemSomeAvg10" : "psiMemFullAvg10", part[3])
  }
  close(file)
  if (row != "") printf "{\"host\":%s,\"at\":%.0f%s}\n", quote(host), now * 1000, row
}

# The largest by resident size are found in statm, which costs the kernel least; who is mostly swapped out does not
# stand there, so now and then everybody is asked.
function print_processes(   i, pid, line, part, size, best, kept, text, n) {
  for (i = 1; i <= pids; i++) {
    split(first(proc "/" pid_of[i] "/statm"), part, " ")
    if (part[2] > 0) resident[pid_of[i]] = part[2]
    delete part
  }
  if (rounds % 6 == 0) {
    split("", watched)
    if (memory["SwapFree"] < memory["SwapTotal"]) {
      for (pid in resident) { read_status(pid); if (swap[pid] > 0) swapped[pid] = swap[pid] }
      for (n = 0; n < 10 && (pid = largest(swapped)) != ""; n++) { watched[pid] = 1; delete swapped[pid] }
    }
  }
  for (n = 0; n < 15 && (pid = largest(resident)) != ""; n++) { delete resident[pid]; consider(pid) }
  for (pid in watched) consider(pid)
  for (n = 0; n < 12 && (pid = largest(total)) != ""; n++) {
    delete total[pid]
    text = text (n ? "," : "") sprintf("{\"pid\":%d,\"comm\":%s,\"rss\":%.0f", pid, quote(name[pid]), rss[pid])
    if (pid in swap) text = text sprintf(",\"swap\":%.0f", swap[pid])
    line = first(proc "/" pid "/oom_score_adj")
    if (line != "") text = text sprintf(",\"oomScoreAdj\":%d", line)
    text = text "}"
  }
  if (text != "") printf "{\"host\":%s,\"at\":%.0f,\"processes\":[%s]}\n", quote(host), now * 1000, text
}
function largest(of,   key, best) {
  best = ""
  for (key in of) if (best == "" || of[key] + 0 > of[best] + 0 || (of[key] + 0 == of[best] + 0 && key + 0 < best + 0)) best = key
  return best
}
function consider(pid) {
  read_status(pid)
  if (name[pid] != "" && (pid in rss)) total[pid] = rss[pid] + swap_of(pid)
}
function swap_of(pid) { return pid in swap ? swap[pid] : 0 }
function read_status(pid,   file, line, part) {
  if (pid in name) return
  file = proc "/" pid "/status"
  while ((getline line < file) > 0) {
    if (line ~ /^Name:/) name[pid] = substr(line, 7)
    else if (line ~ /^VmRSS:/) { split(line, part, " "); rss[pid] = part[2] * 1024 }
    else if (line ~ /^VmSwap:/) { split(line, part, " "); swap[pid] = part[2] * 1024 }
  }
  close(file)
}

# Those with a limit, and the largest; a limit above 4 PiB is how cgroup v1 says "none".
function print_cgroups(   i, folder, limit, n, text, path, chosen, left) {
  for (i = 1; i <= folders; i++) {
    folder = folder_of[i]
    usage[folder] = first(folder (version == 2 ? "/memory.current" : "/memory.usage_in_bytes"))
    if (usage[folder] == "") { delete usage[folder]; continue }
    limit = first(folder (version == 2 ? "/memory.max" : "/memory.limit_in_bytes"))
    if (limit != "" && limit != "max" && limit + 0 < 4503599627370496) { limit_of[folder] = limit; limited[folder] = usage[folder] / (limit + 1) }
    else left[folder] = usage[folder]
  }
  for (n = 0; n < 30 && (folder = largest(limited)) != ""; n++) { delete limited[folder]; text = text cgroup_row(folder) }
  for (n = 0; n < 10 && (folder = largest(left)) != ""; n++) { delete left[folder]; text = text cgroup_row(folder) }
  if (text != "") printf "{\"host\":%s,\"at\":%.0f,\"cgroups\":[%s]}\n", quote(host), now * 1000, substr(text, 2)
}
function cgroup_row(folder,   path, text, kills, with_swap) {
  path = substr(folder, length(root) + 1)
  text = sprintf(",{\"path\":%s,\"usage\":%.0f", quote(path), usage[folder])
  if (folder in limit_of) text = text sprintf(",\"limit\":%.0f", limit_of[folder])
  with_swap = first(folder (version == 2 ? "/memory.swap.current" : "/memory.memsw.usage_in_bytes"))
  if (with_swap != "") {
    if (version == 1) with_swap -= usage[folder]
    text = text sprintf(",\"swap\":%.0f", with_swap < 0 ? 0 : with_swap)
  }
  kills = kills_of(folder)
  if (kills != "") {
    killed[path] = kills
    if (hasBefore) {
      kills -= before["killed", path]
      if (kills >= 0) text = text sprintf(",\"oomKills\":%d", kills)
    }
  }
  return text "}"
}
# v2: memory.events has "oom_kill 3"; v1 since Linux 4.13: memory.oom_control.
function kills_of(folder,   file, line, part, found) {
  file = folder (version == 2 ? "/memory.events" : "/memory.oom_control")
  found = ""
  while ((getline line < file) > 0) if (line ~ /^oom_kill /) { split(line, part, " "); found = part[2] }
  close(file)
  return found
}
function remember(   key, part, file) {
  file = counters ".new"
  printf "boot\t\t%s\nuptime\t\t%s\n", boot, uptime > file
  for (key in count) if (key ~ /^(pswpin|pswpout|pgmajfault|allocstall|oom_kill)$/) printf "counter\t%s\t%.0f\n", key, count[key] > file
  for (key in killed) printf "killed\t%s\t%.0f\n", key, killed[key] > file
  for (key in watched) printf "swapped\t%s\n", key > file
  close(file)
}
/^[0-9]+$/ { pid_of[++pids] = $0; next }
/^\// { sub(/\/[^\/]*$/, ""); if ($0 != root) folder_of[++folders] = $0 }
END {
  read_before(); read_memory(); read_counters()
  print_sample(); print_processes(); print_cgroups(); remember()
}
'

# --- the kernel log ---------------------------------------------------------------------------------------------------

# What the kernel has written since the round before, as records of a log. The line before is found again by its text
# and its neighbours, not by its time: two lines may share one, and a full buffer loses its head.
read_kernel_log() {
  $dmesg 2> /dev/null | tail -n "$LOG_LINES" > "$state/dmesg"
  [ -s "$state/dmesg" ] || return 0
  # A small busybox has no cksum; without it every look is a whole one.
  sum=$(cksum < "$state/dmesg" 2> /dev/null)
  [ -n "$sum" ] && [ "$sum" = "${dmesg_sum:-}" ] && return 0
  dmesg_sum=$sum
  awk -v now="$(exact_now)" -v uptime="$(cut -d ' ' -f 1 "$PROC/uptime")" -v host="$host" -v boot="$boot" \
    -v state="$state/kernel" "$KERNEL_LOG" "$state/dmesg"
}

# Seconds with a fraction; where date knows none, the second that has begun.
exact_now() {
  exact=$(date +%s.%N 2> /dev/null)
  case $exact in *[!0-9.]* | *. | '') date +%s ;; *) echo "$exact" ;; esac
}

protect_rounds() {
  protected_until=$((now + PROTECT_AFTER_SECONDS))
  for file in "$spool"/m-*; do
    [ -e "$file" ] || continue
    taken=${file##*/m-}
    [ "${taken%%-*}" -ge $((now - PROTECT_BEFORE_SECONDS)) ] && mv "$file" "$spool/p-$taken"
  done
}

KERNEL_LOG=$JSON'
# state: boot, offset (seconds to add to the kernel clock), last kernel time, time of the last look, the last three lines.
BEGIN {
  offset = ""; last = -1; looked = ""
  if ((getline line < state) > 0) {
    split(line, part, "\t")
    if (part[1] == boot) {
      offset = part[2]; last = part[3]; looked = part[4]
      while ((getline line < state) > 0) tail[++tails] = line
    }
  }
  close(state)
}
{ text[NR] = $0 }
END {
  # Where the lines that were last then stand now.
  start = 1; isKnown = 0
  if (tails) for (i = NR; i >= tails && !isKnown; i--) {
    isKnown = 1
    for (j = 0; j < tails; j++) if (text[i - j] != tail[tails - j]) { isKnown = 0; break }
    if (isKnown) start = i + 1
  }
  if (offset == "") offset = now - uptime
  # The kernel clock of printk drifts against the wall clock and stops in suspend. A line that is new was written since
  # the last look, and not in the future: that keeps its time right.
  for (i = start; i <= NR; i++) {
    at[i] = kernel_time(text[i])
    if (at[i] == "") at[i] = i > start ? at[i - 1] : ""
    if (at[i] == "" || (!isKnown && tails && at[i] <= last)) continue
    if (offset + at[i] > now) offset = now - at[i]
    if (isKnown && looked != "" && offset + at[i] < looked - 1) offset = looked - at[i]
  }
  for (i = start; i <= NR; i++) {
    if (!isKnown && tails && at[i] != "" && at[i] <= last) continue
    print_record(text[i], at[i])
    if (text[i] ~ /Killed process|[Oo]ut of [Mm]emory|oom-kill|invoked oom-killer/) killed = 1
  }
  if (killed) print "1" > (state ".killed")
  for (i = start; i <= NR; i++) if (kernel_time(text[i]) > last + 0) last = kernel_time(text[i])
  printf "%s\t%.6f\t%.6f\t%.3f\n", boot, offset, last, now > (state ".new")
  for (i = NR > 3 ? NR - 2 : 1; i <= NR; i++) print text[i] > (state ".new")
}
# <6>[ 1142.532551] text
function kernel_time(line) {
  sub(/^<[0-9]+>/, "", line)
  if (line !~ /^\[ *[0-9]+\.[0-9]+\]/) return ""
  sub(/^\[ */, "", line); sub(/\].*/, "", line)
  return line + 0
}
function print_record(line, at,   level, program, row) {
  level = ""
  if (line ~ /^<[0-9]+>/) { level = substr(line, 2, index(line, ">") - 2); sub(/^<[0-9]+>/, "", line) }
  sub(/^\[ *[0-9]+\.[0-9]+\] ?/, "", line)
  if (line == "") return
  row = sprintf("{\"_HOSTNAME\":%s", quote(host))
  if (boot != "") row = row sprintf(",\"_BOOT_ID\":\"%s\"", boot)
  if (at != "") row = row sprintf(",\"__REALTIME_TIMESTAMP\":\"%.0f\",\"_SOURCE_MONOTONIC_TIMESTAMP\":\"%.0f\"", (offset + at) * 1000000, at * 1000000)
  # Programs may write to this log too; their facility is not 0.
  if (level != "" && level >= 8) {
    program = line; sub(/(\[|:).*/, "", program)
    row = row sprintf(",\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":%s", quote(program))
    sub(/^[^:]*: ?/, "", line)
  } else row = row ",\"_TRANSPORT\":\"kernel\",\"SYSLOG_IDENTIFIER\":\"kernel\""
  if (level != "") row = row sprintf(",\"PRIORITY\":\"%d\"", level % 8)
  printf "%s,\"MESSAGE\":%s}\n", row, quote(line)
}
'

# After a reboot: what the kernel of the boot before wrote last and nobody could send, from the journal, and from the
# firmware's memory where the journal was lost as well.
send_previous_boot() {
  now=$(date +%s)
  serial=$((serial + 1))
  previous='' sent_until=-1 offset=''
  if [ -s "$state/kernel" ]; then
    previous=$(sed -n 1p "$state/kernel" | cut -f 1)
    offset=$(sed -n 1p "$state/kernel" | cut -f 2)
    sent_until=$(sed -n 1p "$state/kernel" | cut -f 3)
    # Started again in the same boot: nothing was missed.
    [ "$previous" = "$boot" ] && return 0
  fi
  {
    have journalctl && journalctl -b -1 -k -o json -n "$LOG_LINES" --no-pager 2> /dev/null |
      awk -v boot="$previous" -v after="$sent_until" '
        boot == "" || index($0, boot) { if (match($0, /"_SOURCE_MONOTONIC_TIMESTAMP" ?: ?"[0-9]+"/)) {
          at = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", at)
          if (at / 1000000 > after + 0.0000005) print } }'
    for file in "$SYS"/fs/pstore/dmesg-* /var/lib/systemd/pstore/dmesg-* /var/lib/systemd/pstore/*/dmesg.txt; do
      [ -r "$file" ] || continue
      written=$(date -r "$file" +%s 2> /dev/null) || continue
      grep -qxF "$file $written" "$state/pstore" 2> /dev/null && continue
      echo "$file $written" >> "$state/pstore"
      awk -v host="$host" -v boot="$previous" -v offset="$offset" -v after="$sent_until" -v written="$written" "$PSTORE" "$file"
    done
  } > "$state/round"
  [ -s "$state/round" ] && keep k
}

# A part of a log that the firmware kept, its last line written when the file was.
PSTORE=$JSON'
'"$(printf '%s' "$KERNEL_LOG" | sed -n '/^# <6>/,$p')"'
{ if (kernel_time($0) != "") { text[++lines] = $0 } }
END {
  if (!lines) exit
  if (offset == "") offset = written - kernel_time(text[lines])
  for (i = 1; i <= lines; i++) if (kernel_time(text[i]) > after + 0) print_record(text[i], kernel_time(text[i]))
}
'

# --- sending ----------------------------------------------------------------------------------------------------------

# In the background, so that a slow network never delays a measurement. One at a time.
start_sender() {
  if [ -n "$sender" ] && [ ! -d "$state/sending" ]; then
    if wait "$sender"; then
      pause=0
    else
      # 10, 20, 40 … 300 s, spread so that a fleet does not come back at once.
      pause=$((pause == 0 ? INTERVAL : pause * 2))
      [ "$pause" -le "$LONGEST_PAUSE" ] || pause=$LONGEST_PAUSE
      wanted=$(cat "$state/retry-after" 2> /dev/null)
      [ "${wanted:-0}" -le "$pause" ] || pause=$wanted
      retry_at=$((now + pause - ($$ % (pause / 4 + 1))))
      bound_spool
    fi
    sender=''
  fi
  [ -z "$sender" ] && [ "$now" -ge "$retry_at" ] || return 0
  set -- "$spool"/*
  [ -e "$1" ] || return 0
  mkdir "$state/sending" 2> /dev/null || return 0
  { send_all; result=$?; rmdir "$state/sending"; exit $result; } &
  sender=$!
}

# Everything in the spool, the kernel log first. @returns false at the first thing that must be tried again
send_all() {
  status=000
  for kind in k p m; do
    while :; do
      set -- "$spool/$kind"-*
      [ -e "$1" ] || break
      files='' count=0
      for file; do
        files="$files $file"
        count=$((count + 1))
        [ "$count" -lt "$ROUNDS_PER_POST" ] || break
      done
      # Our own names have no spaces but the folder may: they are read inside it. One that was renamed meanwhile (its
      # minutes turned out to be those before a kill) comes with its new name.
      (cd "$spool" && cat $(basenames "$files")) > "$state/body" 2> /dev/null
      [ -s "$state/body" ] || return 1
      case $kind in k) path="/api/ingest/json?host=$host" ;; *) path=/api/v1/metrics ;; esac
      status=$(post "$path" "$state/body")
      case $status in
        2??) ;;
        # These bytes can never be stored; the reason is worth a line.
        400 | 413 | 415 | 422) warn "the server refused part of a round: $(head -c 400 "$state/answer" 2> /dev/null)" ;;
        *) return 1 ;;
      esac
      (cd "$spool" && rm -f $(basenames "$files"))
    done
  done
}

basenames() {
  for name in $1; do printf '%s ' "${name##*/}"; done
}

# @prints the HTTP status, 000 without an answer
post() {
  : > "$state/answer"
  : > "$state/headers"
  if have curl; then
    curl -q -sS -K "$state/curl.conf" --connect-timeout 5 --max-time 30 -D "$state/headers" -o "$state/answer" \
      -w '%{http_code}' -H "$NDJSON" -H 'Expect:' --data-binary "@$2" "$url$1" 2> "$state/trouble"
  else
    post_with_wget "$url$1" "$2" 2> "$state/headers"
    awk '/^ *HTTP\// { code = $2 } END { print code ? code : "000" }' "$state/headers"
  fi
  awk 'tolower($1) == "retry-after:" { seconds = $2 + 0 } END { print seconds + 0 }' "$state/headers" > "$state/retry-after"
}

NDJSON='Content-Type: application/x-ndjson'

# GNU wget reads the token from a file. That of busybox cannot, so there it is on its command line for a moment; an old
# one cannot read the body from a file either. Debian's busybox crashes when it is told a timeout.
post_with_wget() {
  wget_help=$(wget --help 2>&1)
  case $wget_help in
    *[Bb]usy[Bb]ox*--post-file*)
      wget -q -S -O "$state/answer" --header "$NDJSON" --header "Authorization: Bearer $token" --post-file "$2" "$1" ;;
    *[Bb]usy[Bb]ox*)
      wget -q -S -O "$state/answer" --header "$NDJSON" --header "Authorization: Bearer $token" --post-data "$(cat "$2")" "$1" ;;
    *) WGETRC=$state/wget.conf wget -q -S -T 30 -t 1 -O "$state/answer" --header "$NDJSON" --post-file "$2" "$1" ;;
  esac
}

# The oldest measurements go first, those around a kill after them, the kernel log last.
bound_spool() {
  for kind in m p k; do
    while [ "$(du -sk "$spool" | cut -f 1)" -gt "$SPOOL_KIB" ]; do
      set -- "$spool/$kind"-*
      [ -e "$1" ] || break
      count=0
      for file; do
        rm -f "$file"
        count=$((count + 1))
        [ "$count" -lt 30 ] || break
      done
    done
  done
}

main "$@"
