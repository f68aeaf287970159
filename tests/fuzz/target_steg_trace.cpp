// The program steg-trace itself, with its networks, its sandbox and limits of time and memory. STEG_TRACE names it. The
// seeds come from make_media.sh.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "fuzz.hpp"
#include "temporary_folder.hpp"

namespace {

constexpr rlim_t kSeconds = 50;  // of the CPU

/// Its exit status, or 128 and the number of the signal that ended it.
int traced(const std::string& program, const std::string& path) {
  const pid_t child = fork();
  if (child == 0) {
    const rlimit time{kSeconds, kSeconds};
    setrlimit(RLIMIT_CPU, &time);
    const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nothing, STDOUT_FILENO);
    execl(program.c_str(), program.c_str(), "--json", "--no-search", "--threads", "1", "--max-pixels", "1000000",
          path.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

fuzz::Target fuzz::steg_trace() {
  const char* program = std::getenv("STEG_TRACE");
  return {"steg_trace",
          {},
          {"moov", "trak", "stsz", "IHDR", "RIFF", "\x1a\x45\xdf\xa3", std::string("\0\0\0\1", 4), "#EXTM3U\n", "<svg"},
          2000000,
          [program = std::string(program ? program : ""),
           folder = std::make_shared<TemporaryFolder>()](const std::string& input) {
            const int status = traced(program, folder->write("copy", input));
            require(status == 1 || status == 2,
                    "steg-trace finds nothing, or says why not, and ends with " + std::to_string(status));
          }};
}
