// SPDX-License-Identifier: LGPL-2.1-or-later
#include "process.hpp"

#include <stdexcept>

#include "pipeline.hpp"

namespace robustness {

void run_program(const std::vector<std::string>& arguments) {
  std::vector<gchar*> argv;
  argv.reserve(arguments.size() + 1);
  for (const std::string& argument : arguments) argv.push_back(const_cast<gchar*>(argument.c_str()));
  argv.push_back(nullptr);
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
