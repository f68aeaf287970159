// SPDX-License-Identifier: LGPL-2.1-or-later
#include "program.hpp"

#include <fcntl.h>
#include <gio/gio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

#include "launcher/base/bytes.hpp"
#include "launcher/base/unref_object.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

constexpr int kNiceness = 10;
constexpr int kFile = 3;  ///< of kProgramFile

struct Run {
  std::function<void(const ProgramResult&)> done;
  std::unique_ptr<GSubprocess, UnrefObject> process;
  guint timer = 0;
  bool in_time = true;
};

/// In the child, before exec: only what is safe after a fork.
void limit(gpointer data) {
  const auto* limits = static_cast<const ProgramLimits*>(data);
  // The signal of the first says what it was.
  const rlimit cpu{limits->cpu_seconds, limits->cpu_seconds + 1};
  setrlimit(RLIMIT_CPU, &cpu);
  const rlimit memory{limits->memory_bytes, limits->memory_bytes};
  setrlimit(RLIMIT_DATA, &memory);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  setpriority(PRIO_PROCESS, 0, kNiceness);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t empty;
  sigemptyset(&empty);
  sigprocmask(SIG_SETMASK, &empty, nullptr);
}

std::string text_of(GBytes* bytes) {
  if (!bytes) return "";
  gsize size = 0;
  const auto* data = static_cast<const char*>(g_bytes_get_data(bytes, &size));
  return data ? std::string(data, size) : "";
}

gboolean on_timeout(gpointer data) {
  auto* run = static_cast<Run*>(data);
  run->timer = 0;
  run->in_time = false;
  g_subprocess_force_exit(run->process.get());
  return G_SOURCE_REMOVE;
}

void on_done(GObject* source, GAsyncResult* result, gpointer data) {
  const std::unique_ptr<std::shared_ptr<Run>> owned(static_cast<std::shared_ptr<Run>*>(data));
  const std::shared_ptr<Run>& run = *owned;
  if (run->timer != 0) g_source_remove(run->timer);
  GBytes* output = nullptr;
  GBytes* errors = nullptr;
  GError* raw_error = nullptr;
  g_subprocess_communicate_finish(G_SUBPROCESS(source), result, &output, &errors, &raw_error);
  const Bytes owned_output(output);
  const Bytes owned_errors(errors);
  const gststeg::Ptr<GError> error(raw_error);
  ProgramResult answer;
  GSubprocess* process = G_SUBPROCESS(source);
  const bool signalled = !error && g_subprocess_get_if_signaled(process);
  answer.in_time = run->in_time && !(signalled && g_subprocess_get_term_sig(process) == SIGXCPU);
  answer.output = text_of(output);
  answer.errors = text_of(errors);
  if (!error && g_subprocess_get_if_exited(process)) answer.exit_status = g_subprocess_get_exit_status(process);
  run->done(answer);
}

}  // namespace

std::function<void()> run_program(const std::vector<std::string>& arguments, const ProgramInput& input,
                                  ProgramLimits limits, std::function<void(const ProgramResult&)> done) {
  const auto flags = static_cast<GSubprocessFlags>(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                                   G_SUBPROCESS_FLAGS_STDERR_PIPE);
  const std::unique_ptr<GSubprocessLauncher, UnrefObject> launcher(g_subprocess_launcher_new(flags));
  g_subprocess_launcher_set_child_setup(launcher.get(), limit, &limits, nullptr);
  if (input.file >= 0) {
    g_subprocess_launcher_take_fd(launcher.get(), fcntl(input.file, F_DUPFD_CLOEXEC, kFile + 1), kFile);
  }
  std::vector<const gchar*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(argument.c_str());
  argv.push_back(nullptr);
  GError* raw_error = nullptr;
  const auto run = std::make_shared<Run>();
  run->done = std::move(done);
  run->process.reset(g_subprocess_launcher_spawnv(launcher.get(), argv.data(), &raw_error));
  const gststeg::Ptr<GError> error(raw_error);
  if (!run->process) throw std::runtime_error(arguments[0] + " cannot be started: " + error->message);
  run->timer = g_timeout_add_seconds(limits.seconds, on_timeout, run.get());
  g_subprocess_communicate_async(run->process.get(), input.text.get(), nullptr, on_done,
                                 std::make_unique<std::shared_ptr<Run>>(run).release());
  return [ended = std::weak_ptr<Run>(run)] {
    if (const auto still = ended.lock()) g_subprocess_force_exit(still->process.get());
  };
}

std::string find_program(const std::string& name, const std::string& subfolder) {
  const gststeg::Ptr<gchar> self(g_file_read_link("/proc/self/exe", nullptr));
  if (self) {
    const gststeg::Ptr<gchar> folder(g_path_get_dirname(self.get()));
    for (const char* within : {"", subfolder.c_str()}) {
      const gststeg::Ptr<gchar> candidate(g_build_filename(folder.get(), within, name.c_str(), nullptr));
      if (g_file_test(candidate.get(), G_FILE_TEST_IS_EXECUTABLE)) return candidate.get();
    }
  }
  const gststeg::Ptr<gchar> found(g_find_program_in_path(name.c_str()));
  return found ? found.get() : "";
}

}  // namespace launcher
