// steg-launch: runs a pipeline file and keeps it running.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <cstdio>
#include <exception>
#include <memory>

#include "exit_guard.hpp"
#include "http_server.hpp"
#include "key_file.hpp"
#include "log.hpp"
#include "options.hpp"
#include "stop_signals.hpp"
#include "supervisor.hpp"

namespace {

using namespace launcher;

/// What is left, after stop-timeout, for taking the pipeline down and for the end of the process.
constexpr Seconds kExitLimit{1.5};

struct UnrefLoop {
  void operator()(GMainLoop* loop) const { g_main_loop_unref(loop); }
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
  block_stop_signals();
  ExitGuard guard;
  const std::unique_ptr<GMainLoop, UnrefLoop> loop(g_main_loop_new(nullptr, FALSE));
  std::unique_ptr<Supervisor> supervisor;
  const StopSignals signals([&] {
    log_line("stopping");
    guard.arm(config.restart.stop_timeout + kExitLimit, "an element hangs while stopping: ending the process");
    g_idle_add(
        [](gpointer owner) -> gboolean {
          static_cast<std::unique_ptr<Supervisor>*>(owner)->get()->quit();
          return G_SOURCE_REMOVE;
        },
        &supervisor);
  });
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
