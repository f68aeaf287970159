// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sandbox.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <memory>

#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

namespace trace {
namespace {

// Landlock grows with the kernel; headers may be older than the kernel that runs.
struct Ruleset {
  std::uint64_t files;
  std::uint64_t network;  ///< since version 4
  std::uint64_t scoped;   ///< since version 6
};
constexpr std::uint64_t kFilesOf[] = {
    0, (1U << 13U) - 1, (1U << 14U) - 1, (1U << 15U) - 1, (1U << 15U) - 1, (1U << 16U) - 1};
constexpr std::uint64_t kTcp = 3;     ///< to bind, to connect
constexpr std::uint64_t kOthers = 3;  ///< abstract sockets of others, signals to them
constexpr long kNetworkSince = 4;
constexpr long kScopedSince = 6;

/// What libraries look at, and where they lie.
constexpr const char* kSystem[] = {
    "/usr",      "/lib",      "/lib64",       "/etc/ld.so.cache", "/etc/localtime", "/proc", "/sys/devices/system",
    "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};
constexpr const char* kForNetwork[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/nsswitch.conf", "/etc/gai.conf",
                                       "/etc/services",    "/etc/ssl",   "/etc/host.conf",     "/run/systemd/resolve"};

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// What is not there needs no rule.
void let_read(int ruleset, const std::string& path) {
  const Descriptor file(open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat status {};
  if (file.number() < 0 || fstat(file.number(), &status) != 0) return;
  landlock_path_beneath_attr rule{};
  rule.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE;
  if (S_ISDIR(status.st_mode)) rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
  rule.parent_fd = file.number();
  syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/// Its version; 0 if the kernel has none.
long enter_landlock(const std::vector<std::string>& readable, bool network) {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return 0;
  Ruleset wanted{kFilesOf[std::min<long>(version, std::size(kFilesOf) - 1)], network ? 0 : kTcp, kOthers};
  const std::size_t size = version >= kScopedSince ? sizeof wanted : version >= kNetworkSince ? 16 : 8;
  const Descriptor ruleset(static_cast<int>(syscall(SYS_landlock_create_ruleset, &wanted, size, 0)));
  if (ruleset.number() < 0) return 0;
  for (const char* path : kSystem) let_read(ruleset.number(), path);
  if (network) {
    for (const char* path : kForNetwork) let_read(ruleset.number(), path);
  }
  for (const std::string& path : readable) let_read(ruleset.number(), path);
  return syscall(SYS_landlock_restrict_self, ruleset.number(), 0) == 0 ? version : 0;
}

#ifdef HAVE_SECCOMP
struct ReleaseFilter {
  void operator()(void* filter) const { seccomp_release(filter); }
};

bool enter_seccomp(bool network) {
  const std::unique_ptr<void, ReleaseFilter> filter(seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return false;
  std::vector<int> denied{SCMP_SYS(execve),
                          SCMP_SYS(execveat),
                          SCMP_SYS(ptrace),
                          SCMP_SYS(process_vm_readv),
                          SCMP_SYS(process_vm_writev),
                          SCMP_SYS(pidfd_getfd),
                          SCMP_SYS(io_uring_setup),
                          SCMP_SYS(bpf),
                          SCMP_SYS(perf_event_open),
                          SCMP_SYS(userfaultfd),
                          SCMP_SYS(add_key),
                          SCMP_SYS(request_key),
                          SCMP_SYS(keyctl),
                          SCMP_SYS(unshare),
                          SCMP_SYS(setns),
                          SCMP_SYS(mount),
                          SCMP_SYS(kexec_load),
                          SCMP_SYS(bind),
                          SCMP_SYS(listen),
                          SCMP_SYS(accept),
                          SCMP_SYS(accept4)};
  if (!network) denied.insert(denied.end(), {SCMP_SYS(socket), SCMP_SYS(connect)});
  for (const int call : denied) {
    if (seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EACCES), call, 0) != 0) return false;
  }
  return seccomp_load(filter.get()) == 0;
}
#endif

}  // namespace

std::string enter_sandbox(const std::vector<std::string>& readable, bool network) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return "none";
  std::string text;
  if (const long version = enter_landlock(readable, network)) text = "Landlock " + std::to_string(version);
#ifdef HAVE_SECCOMP
  if (enter_seccomp(network)) text += text.empty() ? "seccomp" : ", seccomp";
#endif
  return text.empty() ? "none" : text;
}

}  // namespace trace
