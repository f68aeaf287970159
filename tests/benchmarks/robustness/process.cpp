// SPDX-License-Identifier: LGPL-2.1-or-later
#include "process.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>

#include "pipeline.hpp"

namespace robustness {

namespace {

/// As the C library takes them; valid as long as `arguments` are.
std::vector<gchar*> argv_of(const std::vector<std::string>& arguments) {
  std::vector<gchar*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<gchar*>(argument.c_str()));
  argv.push_back(nullptr);
  return argv;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

/// To its end; closes it.
std::string read_all(int file) {
  std::string text;
  std::array<char, 4096> part{};
  for (;;) {
    const ssize_t count = read(file, part.data(), part.size());
    if (count > 0) text.append(part.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) break;
  }
  close(file);
  return text;
}

}  // namespace

void run_program(const std::vector<std::string>& arguments) {
  std::vector<gchar*> argv = argv_of(arguments);
  gchar* raw_complaint = nullptr;
  GError* raw_error = nullptr;
  gint status = 0;
  const auto flags = static_cast<GSpawnFlags>(G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL);
  const gboolean started = g_spawn_sync(nullptr, argv.data(), nullptr, flags, nullptr, nullptr, nullptr, &raw_complaint,
                                        &status, &raw_error);
  const gststeg::Ptr<gchar> complaint(raw_complaint);
  const bool succeeded = started && g_spawn_check_wait_status(status, &raw_error);
  const gststeg::Ptr<GError> error(raw_error);
  if (succeeded) return;
  std::string text = error->message;
  if (complaint && *complaint) text += ":\n" + std::string(complaint.get());
  for (const std::string& argument : arguments) text += (&argument == &arguments.front() ? "\nof: " : " ") + argument;
  throw std::runtime_error(text);
}

Output read_program(const std::vector<std::string>& arguments) {
  std::vector<gchar*> argv = argv_of(arguments);
  GError* raw_error = nullptr;
  GPid process = 0;
  gint output = -1;
  const auto flags =
      static_cast<GSpawnFlags>(G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL);
  g_spawn_async_with_pipes(nullptr, argv.data(), nullptr, flags, nullptr, nullptr, &process, nullptr, &output, nullptr,
                           &raw_error);
  const gststeg::Ptr<GError> error(raw_error);
  if (error) throw std::runtime_error(error->message);
  Output result{0, read_all(output), 0};
  int status = 0;
  rusage usage{};
  while (wait4(process, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  g_spawn_close_pid(process);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  return result;
}

ProgramOutput::ProgramOutput(const std::vector<std::string>& arguments) {
  std::vector<gchar*> argv = argv_of(arguments);
  GError* raw_error = nullptr;
  const auto flags = static_cast<GSpawnFlags>(G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD);
  g_spawn_async_with_pipes(nullptr, argv.data(), nullptr, flags, nullptr, nullptr, &process_, nullptr, &file_, nullptr,
                           &raw_error);
  const gststeg::Ptr<GError> error(raw_error);
  if (error) throw std::runtime_error(error->message);
}

ProgramOutput::~ProgramOutput() {
  // Ends a program that still writes.
  close(file_);
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  g_spawn_close_pid(process_);
}

void run_pipeline(const std::string& description) {
  const Pipeline pipeline(description);
  pipeline.play();
  pipeline.wait_for_end();
}

std::string quoted(const std::string& text) {
  const gststeg::Ptr<gchar> escaped(g_strescape(text.c_str(), nullptr));
  return "\"" + std::string(escaped.get()) + "\"";
}

}  // namespace robustness
