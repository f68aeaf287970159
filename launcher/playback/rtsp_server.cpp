// SPDX-License-Identifier: LGPL-2.1-or-later
#include "rtsp_server.hpp"

#include <algorithm>

#include "appsrc_outlet.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/base/unref_object.hpp"
#include "launcher/config/tls_certificate.hpp"
#include "launcher/config/token_file.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

constexpr const char* kRole = "viewer";
/// Of clients at once, each of which has some open files and memory of its own.
constexpr std::size_t kMostClients = 256;
/// So long may a client be connected without playing anything.
constexpr gint64 kIdleTime = 30 * G_USEC_PER_SEC;
constexpr guint kSweepSeconds = 5;

/// config-interval=-1 repeats the decoder's configuration with each key frame, for those who join.
std::string launch_line(FlvHub::Tracks tracks) {
  std::string line = "( appsrc name=flv ! flvdemux name=demux";
  int number = 0;
  const auto pay = [&number] { return " name=pay" + std::to_string(number++); };
  if (tracks.video) {
    line += " demux.video ! queue ! h264parse ! rtph264pay" + pay() + " config-interval=-1 aggregate-mode=zero-latency";
  }
  if (tracks.audio) line += " demux.audio ! queue ! aacparse ! rtpmp4gpay" + pay();
  return line + " )";
}

std::string in_uri(const std::string& host) { return host.find(':') == std::string::npos ? host : "[" + host + "]"; }

std::string path_of(const std::string& stream, const std::string& recipient) {
  return "/" + stream + (recipient.empty() ? "" : "/" + recipient);
}

/// Calls it from the main loop, soon.
void on_main_loop(std::function<void()> call) {
  using Call = std::function<void()>;
  g_idle_add_full(
      G_PRIORITY_HIGH,
      [](gpointer data) -> gboolean {
        (*static_cast<Call*>(data))();
        return G_SOURCE_REMOVE;
      },
      std::make_unique<Call>(std::move(call)).release(),
      [](gpointer data) { const std::unique_ptr<Call> owned(static_cast<Call*>(data)); });
}

}  // namespace

RtspServer::RtspServer(const ServerSettings& settings, const std::map<std::string, FlvHubs>& streams)
    : host_(in_uri(settings.rtsp->host)), has_tls_(settings.has_tls()), server_(gst_rtsp_server_new()) {
  const Address& address = *settings.rtsp;
  gst_rtsp_server_set_address(server_.get(), address.host.c_str());
  gst_rtsp_server_set_service(server_.get(), std::to_string(address.port).c_str());
  if (has_tls_ || !settings.token_file.empty()) protect(settings);
  g_signal_connect(server_.get(), "client-connected", G_CALLBACK(on_client), this);
  for (const auto& [stream, hubs] : streams) {
    for (const auto& [recipient, hub] : hubs) {
      mounts_.push_back(std::make_unique<Mount>(Mount{this, path_of(stream, recipient), hub}));
      const Mount& one = *mounts_.back();
      hub->on_tracks([this, &one](FlvHub::Tracks tracks) { mount(one, tracks); });
    }
  }
  timer_ = g_timeout_add_seconds(
      kSweepSeconds,
      [](gpointer self) -> gboolean {
        static_cast<RtspServer*>(self)->close_idle();
        return G_SOURCE_CONTINUE;
      },
      this);
  source_ = gst_rtsp_server_attach(server_.get(), nullptr);
  if (source_ == 0) {
    throw ConfigError("[rtsp] listen: cannot listen on " + address.host + ":" + std::to_string(address.port) +
                      "; choose another port (0 takes any free one)");
  }
}

RtspServer::~RtspServer() {
  g_source_remove(timer_);
  for (const auto& mount : mounts_) mount->hub->on_tracks(nullptr);
  const auto remove = [](GstRTSPServer*, GstRTSPClient* client, gpointer self) {
    g_signal_handlers_disconnect_by_data(client, self);
    return GST_RTSP_FILTER_REMOVE;
  };
  g_list_free(gst_rtsp_server_client_filter(server_.get(), remove, this));
  g_source_remove(source_);
}

void RtspServer::protect(const ServerSettings& settings) {
  const std::unique_ptr<GstRTSPAuth, UnrefObject> auth(gst_rtsp_auth_new());
  GstRTSPToken* role = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, kRole, nullptr);
  if (settings.token_file.empty()) {
    gst_rtsp_auth_set_default_token(auth.get(), role);
  } else {
    gst_rtsp_auth_set_supported_methods(auth.get(), GST_RTSP_AUTH_DIGEST);
    gst_rtsp_auth_add_digest(auth.get(), kRole, read_token_file(settings.token_file).c_str(), role);
  }
  gst_rtsp_token_unref(role);
  if (const Certificate certificate = read_certificate(settings)) {
    gst_rtsp_auth_set_tls_certificate(auth.get(), certificate.get());
  }
  gst_rtsp_server_set_auth(server_.get(), auth.get());
}

void RtspServer::mount(const Mount& mount, FlvHub::Tracks tracks) {
  const std::unique_ptr<GstRTSPMountPoints, UnrefObject> points(gst_rtsp_server_get_mount_points(server_.get()));
  gst_rtsp_mount_points_remove_factory(points.get(), mount.path.c_str());
  if (!tracks.video && !tracks.audio) return;
  GstRTSPMediaFactory* factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, launch_line(tracks).c_str());
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  gst_rtsp_media_factory_set_eos_shutdown(factory, FALSE);
  if (has_tls_) gst_rtsp_media_factory_set_protocols(factory, GST_RTSP_LOWER_TRANS_TCP);
  gst_rtsp_media_factory_add_role(factory, kRole, GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                  GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
  g_signal_connect(factory, "media-configure", G_CALLBACK(on_media), const_cast<Mount*>(&mount));
  gst_rtsp_mount_points_add_factory(points.get(), mount.path.c_str(), factory);
}

void RtspServer::on_media(GstRTSPMediaFactory*, GstRTSPMedia* media, gpointer data) {
  const auto* mount = static_cast<const Mount*>(data);
  const Ptr<GstElement> bin(gst_rtsp_media_get_element(media));
  GstElement* source = gst_bin_get_by_name(GST_BIN(bin.get()), "flv");
  using Shared = std::shared_ptr<Outlet>;
  auto outlet = std::make_unique<Shared>(std::make_shared<AppSrcOutlet>(source));
  on_main_loop([hub = mount->hub, added = *outlet] { hub->add(FlvHub::Kind::rtsp, added); });
  g_signal_connect_data(
      media, "unprepared",
      G_CALLBACK(+[](GstRTSPMedia*, gpointer shared) { (*static_cast<Shared*>(shared))->close(); }), outlet.release(),
      [](gpointer shared, GClosure*) { const std::unique_ptr<Shared> o(static_cast<Shared*>(shared)); },
      static_cast<GConnectFlags>(0));
}

void RtspServer::on_client(GstRTSPServer*, GstRTSPClient* client, gpointer self) {
  auto* server = static_cast<RtspServer*>(self);
  g_signal_connect(client, "play-request", G_CALLBACK(on_play), self);
  g_signal_connect(client, "closed", G_CALLBACK(on_closed), self);
  bool too_many = false;
  {
    const std::lock_guard<std::mutex> lock(server->mutex_);
    server->connected_[client] = g_get_monotonic_time();
    too_many = server->connected_.size() > kMostClients;
  }
  if (too_many) gst_rtsp_client_close(client);
}

void RtspServer::close_idle() {
  using Client = std::unique_ptr<GstRTSPClient, UnrefObject>;
  std::vector<Client> idle;
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (const auto& entry : connected_) {
      GstRTSPClient* client = entry.first;
      if (playing_.count(client) != 0 || g_get_monotonic_time() - entry.second <= kIdleTime) continue;
      idle.emplace_back(g_object_ref(client));
    }
  }
  for (const Client& client : idle) gst_rtsp_client_close(client.get());
}

void RtspServer::on_play(GstRTSPClient* client, GstRTSPContext* context, gpointer self) {
  auto* server = static_cast<RtspServer*>(self);
  const std::string path = context->uri && context->uri->abspath ? context->uri->abspath : "";
  for (const auto& mount : server->mounts_) {
    // The path may go on with what the client knows the session as.
    if (path != mount->path && path.rfind(mount->path + "/", 0) != 0) continue;
    const std::lock_guard<std::mutex> lock(server->mutex_);
    server->playing_[client] = mount->path;
    // The others are in the middle of theirs.
    on_main_loop([hub = mount->hub] { hub->want_key_frame(); });
  }
}

void RtspServer::on_closed(GstRTSPClient* client, gpointer self) {
  auto* server = static_cast<RtspServer*>(self);
  const std::lock_guard<std::mutex> lock(server->mutex_);
  server->playing_.erase(client);
  server->connected_.erase(client);
}

std::string RtspServer::url(const std::string& stream, const std::string& recipient) const {
  return (has_tls_ ? "rtsps://" : "rtsp://") + host_ + ":" +
         std::to_string(gst_rtsp_server_get_bound_port(server_.get())) + path_of(stream, recipient);
}

std::size_t RtspServer::viewers(const std::string& stream, const std::string& recipient) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<std::size_t>(std::count_if(
      playing_.begin(), playing_.end(), [&](const auto& entry) { return entry.second == path_of(stream, recipient); }));
}

}  // namespace launcher
