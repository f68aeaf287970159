// steg-launch: runs a pipeline file and keeps it running.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gst/gst.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <set>

#include "launcher/base/config_error.hpp"
#include "launcher/base/log.hpp"
#include "launcher/base/seconds.hpp"
#include "launcher/config/encoder_parts.hpp"
#include "launcher/config/key_file.hpp"
#include "launcher/config/options.hpp"
#include "launcher/http/control_server.hpp"
#include "launcher/playback/rtsp_server.hpp"
#include "launcher/process/exit_guard.hpp"
#include "launcher/process/open_files.hpp"
#include "launcher/process/service_manager.hpp"
#include "launcher/process/stop_signals.hpp"
#include "launcher/stream/streams.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace {

using namespace launcher;

/// Time after stop-timeout for taking the pipeline down and ending the process.
constexpr Seconds kExitLimit{1.5};

struct UnrefLoop {
  void operator()(GMainLoop* loop) const { g_main_loop_unref(loop); }
};

LaunchConfig read_pipeline_file(const Options& options) {
  const std::string path = find_pipeline_file(options.file);
  try {
    Groups groups = read_pipeline_groups(path);
    Variables variables = options.variables;
    put_in_encoder(groups, variables, [&options](const std::string& name) {
      // What is only printed may be for another machine.
      return options.print || gststeg::Ptr<GstElementFactory>(gst_element_factory_find(name.c_str()));
    });
    LaunchConfig config = read_config(groups, variables, stem_of(path));
    if (options.listen) config.server.listen = options.listen;
    if (options.token_file) config.server.token_file = *options.token_file;
    check_server(config.server);
    return config;
  } catch (const ConfigError& error) {
    throw ConfigError(path + ": " + error.what());
  }
}

void print_descriptions(const LaunchConfig& config) {
  for (const StreamConfig& stream : config.streams) {
    if (config.streams.size() > 1) std::printf("# %s\n", stream.name.c_str());
    std::printf("%s\n", stream.description.c_str());
  }
}

/// "cam1 running, cam2 waiting"
std::string states(const Streams& streams) {
  std::string text;
  for (const auto& stream : streams.all()) {
    text += (text.empty() ? "" : ", ") + stream->name() + " " + to_string(stream->status().state);
  }
  return text;
}

/// Reports to the service manager as often as it asks, from the main loop, because that is what may hang.
void feed_watchdog(const ServiceManager& manager) {
  const auto interval = manager.watchdog_interval();
  if (!interval) return;
  g_timeout_add(
      static_cast<guint>(interval->count() * 1000),
      [](gpointer data) -> gboolean {
        static_cast<const ServiceManager*>(data)->alive();
        return G_SOURCE_CONTINUE;
      },
      const_cast<ServiceManager*>(&manager));
}

struct StatesToReport {
  ServiceManager& manager;
  const Streams& streams;
};

/// Sends the states of the streams to the service manager once a second. `to_report` must outlive the main loop.
void report_states(StatesToReport& to_report) {
  if (!to_report.manager.is_there()) return;
  g_timeout_add_seconds(
      1,
      [](gpointer data) -> gboolean {
        const auto* of = static_cast<const StatesToReport*>(data);
        of->manager.status(states(of->streams));
        return G_SOURCE_CONTINUE;
      },
      &to_report);
}

/// Files that connections must leave to the streams, their restarts and the audit log.
constexpr std::size_t kFilesOfStreams = 256;

/// Fewer connections than asked for, where the process could not have as many files open.
void fit_connections(ConnectionLimits& limits) {
  const std::size_t files = raise_open_files();
  const std::size_t room = files > 2 * kFilesOfStreams ? files - kFilesOfStreams : files / 2;
  if (room >= limits.most) return;
  log_line("at most " + std::to_string(room) + " HTTP connections at once instead of " + std::to_string(limits.most) +
           ", because the process may have only " + std::to_string(files) + " files open (ulimit -n, LimitNOFILE)");
  limits.most = room;
}

void warn_of_open_secrets(const ServerSettings& server, const Streams& streams) {
  std::set<std::string> files{server.token_file, server.tls_key};
  if (server.edge) files.insert(server.edge->key_file);
  for (const auto& stream : streams.all()) files.insert(stream->places().key_file);
  for (const std::string& file : files) {
    if (file.empty() || !steg::is_readable_by_others(file)) continue;
    log_line("warning: every user of this machine can read " + file + ": run 'chmod o= " + file + "'");
  }
}

int run(const Options& options) {
  LaunchConfig config = read_pipeline_file(options);
  if (options.print) {
    print_descriptions(config);
    return 0;
  }
  ServiceManager manager;
  set_log_format(options.log_format, config.streams.size() > 1);
  fit_connections(config.server.connections);
  block_stop_signals();
  ExitGuard guard;
  const std::unique_ptr<GMainLoop, UnrefLoop> loop(g_main_loop_new(nullptr, FALSE));
  std::unique_ptr<Streams> streams;
  const StopSignals signals([&] {
    log_line("stopping");
    manager.stopping();
    // All streams share one [restart] group.
    const Seconds stop_timeout = config.streams.front().restart.stop_timeout;
    guard.arm(stop_timeout + kExitLimit, "an element hangs while stopping: ending the process");
    g_idle_add(
        [](gpointer owner) -> gboolean {
          static_cast<std::unique_ptr<Streams>*>(owner)->get()->quit();
          return G_SOURCE_REMOVE;
        },
        &streams);
  });
  try {
    streams = std::make_unique<Streams>(config.streams, guard, [&] { g_main_loop_quit(loop.get()); });
  } catch (const ConfigError& error) {
    throw ConfigError(options.file + ": " + error.what());
  }
  warn_of_open_secrets(config.server, *streams);
  if (options.check) {
    std::printf("%s: %zu stream(s), all can be built\n", options.file.c_str(), config.streams.size());
    return 0;
  }
  std::unique_ptr<RtspServer> rtsp;
  if (config.server.rtsp) rtsp = std::make_unique<RtspServer>(config.server, streams->flv());
  std::unique_ptr<ControlServer> http;
  if (config.server.listen) {
    http = std::make_unique<ControlServer>(config.server, *streams, rtsp.get());
    http->listen();
    std::printf("%s\n", http->url().c_str());
    std::fflush(stdout);
  }
  if (!http && !options.autostart) {
    throw ConfigError(
        "--no-autostart: nothing could start the stream, because no control interface is served; "
        "add --listen ADDRESS:PORT");
  }
  // From the main loop: errors that start() reports need it running.
  if (options.autostart) {
    g_idle_add(
        [](gpointer self) -> gboolean {
          static_cast<Streams*>(self)->start();
          return G_SOURCE_REMOVE;
        },
        streams.get());
  }
  StatesToReport to_report{manager, *streams};
  report_states(to_report);
  feed_watchdog(manager);
  manager.ready();
  g_main_loop_run(loop.get());
  const int exit_code = streams->exit_code();
  http.reset();
  rtsp.reset();
  streams.reset();
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
    log_error(error.what());
    exit_code = 1;
  }
  if (gst_is_initialized()) gst_deinit();
  return exit_code;
}
