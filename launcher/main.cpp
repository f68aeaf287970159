// steg-launch: runs a pipeline file and keeps it running.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <glib-unix.h>
#include <gst/gst.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <memory>

#include "exit_guard.hpp"
#include "http_server.hpp"
#include "key_file.hpp"
#include "log.hpp"
#include "options.hpp"
#include "supervisor.hpp"

namespace {

using namespace launcher;

struct UnrefLoop {
  void operator()(GMainLoop* loop) const { g_main_loop_unref(loop); }
};

/// The first signal stops the stream. Both handlers are removed then, which gives the signals their default action
/// back: a second one ends the process, even if the main loop hangs.
struct SignalHandlers {
  explicit SignalHandlers(Supervisor& owner) : supervisor(owner) {
    ids[0] = g_unix_signal_add(SIGINT, on_signal, this);
    ids[1] = g_unix_signal_add(SIGTERM, on_signal, this);
  }
  ~SignalHandlers() { remove(); }
  SignalHandlers(const SignalHandlers&) = delete;
  SignalHandlers& operator=(const SignalHandlers&) = delete;

  void remove() {
    for (guint& id : ids) {
      if (id != 0) g_source_remove(id);
      id = 0;
    }
  }

  static gboolean on_signal(gpointer data) {
    auto* self = static_cast<SignalHandlers*>(data);
    self->remove();
    log_line("stopping");
    self->supervisor.quit();
    return G_SOURCE_REMOVE;
  }

  Supervisor& supervisor;
  guint ids[2];
};

PipelineConfig read_pipeline_file(const Options& options) {
  const std::string path = find_pipeline_file(options.file);
  try {
    PipelineConfig config = read_config(read_key_file(path), options.variables);
    if (options.listen) config.control.listen = options.listen;
    return config;
  } catch (const ConfigError& error) {
    throw ConfigError(path + ": " + error.what());
  }
}

int run(const Options& options) {
  const PipelineConfig config = read_pipeline_file(options);
  ExitGuard guard;
  const std::unique_ptr<GMainLoop, UnrefLoop> loop(g_main_loop_new(nullptr, FALSE));
  std::unique_ptr<Supervisor> supervisor;
  try {
    supervisor = std::make_unique<Supervisor>(config, loop.get(), guard);
  } catch (const ConfigError& error) {
    throw ConfigError(options.file + ": " + error.what());
  }
  std::unique_ptr<HttpServer> http;
  if (config.control.listen) {
    http = std::make_unique<HttpServer>(*config.control.listen, *supervisor);
    std::printf("%s\n", http->url().c_str());
    std::fflush(stdout);
  }
  if (!http && !options.autostart) {
    throw ConfigError(
        "--no-autostart: nothing could start the stream, because no control interface is served; "
        "add --listen ADDRESS:PORT");
  }
  const SignalHandlers signals(*supervisor);
  // From the loop, so that what start() reports finds it running.
  if (options.autostart) {
    g_idle_add(
        [](gpointer self) -> gboolean {
          static_cast<Supervisor*>(self)->start();
          return G_SOURCE_REMOVE;
        },
        supervisor.get());
  }
  g_main_loop_run(loop.get());
  const int exit_code = supervisor->exit_code();
  http.reset();
  supervisor.reset();
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  int exit_code = 2;
  try {
    const Options options = read_options(argc, argv);
    if (options.show_version) {
      std::printf("steg-launch %s\n", GST_STEG_VERSION);
      exit_code = 0;
    } else {
      exit_code = run(options);
    }
  } catch (const ConfigError& error) {
    log_line(error.what());
  } catch (const std::exception& error) {
    log_line(std::string("error: ") + error.what());
    exit_code = 1;
  }
  if (gst_is_initialized()) gst_deinit();
  return exit_code;
}
