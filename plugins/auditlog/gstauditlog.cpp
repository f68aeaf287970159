// SPDX-License-Identifier: LGPL-2.1-or-later

/**
 * SECTION:element-auditlog
 * @title: auditlog
 * @short_description: records which ID went to which address in which minute
 *
 * auditlog reads the mark meta that #stegencode attaches to every frame and keeps a log of it in a database: one record
 * for each ID, client address and UTC minute, with its first and last time and its number of frames. Pixels pass
 * untouched. Put it behind stegencode and in front of the video encoder, where the meta ends.
 *
 * The streaming thread only queues. Another thread first makes each event durable in a spool file and then writes it to
 * the database, exactly once: a database that is down, slow or restarted, or a crash of this program, loses nothing.
 * The rows of a stream form an HMAC-SHA256 chain, so that a row that was changed or removed shows.
 *
 * A database that does not exist, refuses or cannot be reached makes READY to PAUSED fail with an error. While the
 * stream runs, and at a start where the spool shows that this database was reached before, an unreachable database only
 * gives a warning.
 *
 * The warnings and errors say what to do. All of them but these are about settings:
 *
 * * warning RESOURCE/WRITE: spool or database cannot be written for now; an info message tells when it can again
 * * warning STREAM/WRONG_TYPE: a frame without a mark came; it is counted in `stats` as unmarked
 * * error STREAM/FORMAT: a frame's mark says that it came into the frame in a way that auditlog does not know
 * * error RESOURCE/NO_SPACE_LEFT: spool and queue are full, and #GstAuditLog:on-full is `error`
 * * error RESOURCE/WRITE: at the stop, records could be saved neither in the spool nor in the database; the text lists
 *   them, and goes to the error output as well
 *
 * ## Example launch lines
 * |[
 * gst-launch-1.0 videotestsrc num-buffers=300 ! video/x-raw,width=1280,height=720 ! stegencode id=alice ! auditlog
 * client-ip=192.0.2.7 ! x264enc ! mp4mux ! filesink location=marked.mp4
 * ]| Logs to the SQLite file steg-audit.db.
 * |[
 * sqlite3 -box steg-audit.db "SELECT id, client_ip, minute, frames_encoded FROM steg_audit_record"
 * ]| Shows the log.
 */

#include "gstauditlog.h"

#include <memory>
#include <mutex>
#include <new>
#include <string>

#include "audit_log.hpp"
#include "plugins/common/crypto/key.hpp"
#include "plugins/common/gst_ptr.hpp"
#include "plugins/common/gststegmeta.h"
#include "plugins/common/guard.hpp"
#include "plugins/common/property_value.hpp"

GST_DEBUG_CATEGORY_STATIC(audit_log_debug);
#define GST_CAT_DEFAULT audit_log_debug

namespace {

constexpr guint64 kDefaultSpoolLimit = G_GUINT64_CONSTANT(1) << 30;

enum Property {
  kPropDatabase = 1,
  kPropStream,
  kPropClientIp,
  kPropSpool,
  kPropSpoolLimit,
  kPropKeyFile,
  kPropOnFull,
  kPropStartWithoutDatabase,
  kPropCheckpoints,
  kPropCheckpointInterval,
  kPropStats,
};

struct State {
  State() { settings.writer.spool_limit = kDefaultSpoolLimit; }

  std::mutex lock;  ///< guards the fields below; never held while anything is posted or opened
  audit::Settings settings;
  std::string key_file;
  audit::Stats stats;  ///< of the last run, when `log` is empty
  guint64 unmarked = 0;
  std::shared_ptr<audit::AuditLog> log;
};

}  // namespace

struct _GstAuditLog {
  GstBaseTransform parent;
  State state;
};

G_DEFINE_TYPE(GstAuditLog, gst_audit_log, GST_TYPE_BASE_TRANSFORM)
GST_ELEMENT_REGISTER_DEFINE(auditlog, "auditlog", GST_RANK_NONE, GST_TYPE_AUDIT_LOG)

namespace {

// Only the meta is read, so any memory will do.
constexpr char kCaps[] = "video/x-raw(ANY)";
GstStaticPadTemplate sink_template =
    GST_STATIC_PAD_TEMPLATE("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS(kCaps));
GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS(kCaps));

GType on_full_type() {
  static const GEnumValue values[] = {
      {static_cast<gint>(audit::OnFull::block), "Hold the stream until there is room", "block"},
      {static_cast<gint>(audit::OnFull::error), "Stop the stream with an error", "error"},
      {0, nullptr, nullptr}};
  static const GType type = g_enum_register_static("GstAuditLogOnFull", values);
  return type;
}

std::shared_ptr<audit::AuditLog> running(State& state) {
  const std::lock_guard<std::mutex> lock(state.lock);
  return state.log;
}

/// Gives the member that keeps the property to `use`, which returns true. False if none does.
template <class Use>
bool with_setting(State& state, guint property, const Use& use) {
  switch (property) {
    case kPropDatabase:
      return use(state.settings.writer.database);
    case kPropStream:
      return use(state.settings.writer.stream);
    case kPropClientIp:
      return use(state.settings.client_ip);
    case kPropSpool:
      return use(state.settings.writer.spool);
    case kPropSpoolLimit:
      return use(state.settings.writer.spool_limit);
    case kPropKeyFile:
      return use(state.key_file);
    case kPropOnFull:
      return use(state.settings.on_full);
    case kPropStartWithoutDatabase:
      return use(state.settings.writer.start_without_database);
    case kPropCheckpoints:
      return use(state.settings.writer.checkpoints);
    default:
      return false;
  }
}

void set_property(GObject* object, guint id, const GValue* value, GParamSpec* pspec) {
  auto* self = GST_AUDIT_LOG(object);
  State& state = self->state;
  if (id == kPropClientIp && !audit::is_storable(gststeg::string_of(value))) {
    GST_ELEMENT_WARNING(self, RESOURCE, SETTINGS,
                        ("client-ip is not UTF-8 text and was not taken; the log goes on with the one before."),
                        (nullptr));
    return;
  }
  const std::lock_guard<std::mutex> lock(state.lock);
  if (id == kPropCheckpointInterval)
    state.settings.writer.checkpoint_interval = std::chrono::seconds(g_value_get_uint(value));
  else if (!with_setting(state, id, [value](auto& member) { return gststeg::read_value(value, member); }))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  if (state.log && id == kPropClientIp) state.log->set_client_ip(state.settings.client_ip);
  if (state.log && id == kPropOnFull) state.log->set_on_full(state.settings.on_full);
}

GstStructure* stats_structure(State& state) {
  const std::shared_ptr<audit::AuditLog> log = running(state);
  const audit::Stats now = log ? log->stats() : audit::Stats();
  const std::lock_guard<std::mutex> lock(state.lock);
  const audit::Stats& stats = log ? now : state.stats;
  return gst_structure_new(
      "auditlog-stats", "frames", G_TYPE_UINT64, static_cast<guint64>(stats.frames), "unmarked", G_TYPE_UINT64,
      state.unmarked, "records", G_TYPE_UINT64, static_cast<guint64>(stats.records), "pending", G_TYPE_UINT64,
      static_cast<guint64>(stats.pending), "spooled", G_TYPE_UINT64, static_cast<guint64>(stats.writer.spooled),
      "written", G_TYPE_UINT64, static_cast<guint64>(stats.writer.written), "failed", G_TYPE_UINT64,
      static_cast<guint64>(stats.writer.failed), "connected", G_TYPE_BOOLEAN, stats.writer.connected, "spool-bytes",
      G_TYPE_UINT64, static_cast<guint64>(stats.writer.spool_bytes), "spool", G_TYPE_STRING, stats.spool_path.c_str(),
      "session", G_TYPE_STRING, stats.session.c_str(), "last-error", G_TYPE_STRING, stats.writer.last_error.c_str(),
      "last-seq", G_TYPE_INT64, static_cast<gint64>(stats.writer.last_seq), "verified-seq", G_TYPE_INT64,
      static_cast<gint64>(stats.writer.verified_seq), "tampered", G_TYPE_UINT64,
      static_cast<guint64>(stats.writer.tampered), nullptr);
}

void get_property(GObject* object, guint id, GValue* value, GParamSpec* pspec) {
  State& state = GST_AUDIT_LOG(object)->state;
  if (id == kPropStats) {
    g_value_take_boxed(value, stats_structure(state));
    return;
  }
  const std::lock_guard<std::mutex> lock(state.lock);
  if (id == kPropCheckpointInterval)
    g_value_set_uint(value, static_cast<guint>(state.settings.writer.checkpoint_interval.count()));
  else if (!with_setting(state, id, [value](const auto& member) { return gststeg::write_value(value, member); }))
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

/// The log's thread is joined before the element ends, so the plain pointer stays good.
audit::Listener listener(GstAuditLog* self) {
  audit::Listener result;
  result.problem = [self](const std::string& text) {
    GST_ELEMENT_WARNING(self, RESOURCE, WRITE, ("%s", text.c_str()), (nullptr));
  };
  result.recovered = [self](const std::string& text) {
    GST_ELEMENT_INFO(self, RESOURCE, WRITE, ("%s", text.c_str()), (nullptr));
  };
  return result;
}

gboolean start(GstBaseTransform* base) {
  auto* self = GST_AUDIT_LOG(base);
  State& state = self->state;
  return gststeg::guarded(GST_ELEMENT(self), FALSE, [&]() -> gboolean {
    audit::Settings settings;
    std::string key_file;
    {
      const std::lock_guard<std::mutex> lock(state.lock);
      settings = state.settings;
      key_file = state.key_file;
      state.unmarked = 0;
    }
    try {
      const steg::Key key = key_file.empty() ? steg::Key::public_default() : steg::Key::from_file(key_file);
      settings.key = audit::chain_key(key);
    } catch (const steg::KeyError& error) {
      GST_ELEMENT_ERROR(self, RESOURCE, SETTINGS, ("%s", error.what()), (nullptr));
      return FALSE;
    }
    if (key_file.empty())
      GST_ELEMENT_WARNING(self, RESOURCE, SETTINGS,
                          ("The audit log uses the public default key: anyone can forge its rows. Set key-file."),
                          (nullptr));
    std::shared_ptr<audit::AuditLog> log;
    try {
      log = std::make_shared<audit::AuditLog>(settings, listener(self));
    } catch (const audit::AuditError& error) {
      GST_ELEMENT_ERROR(self, RESOURCE, OPEN_READ_WRITE, ("%s", error.what()), (nullptr));
      return FALSE;
    }
    const std::lock_guard<std::mutex> lock(state.lock);
    // A setter may have come between.
    log->set_client_ip(state.settings.client_ip);
    log->set_on_full(state.settings.on_full);
    state.log = std::move(log);
    return TRUE;
  });
}

gboolean stop(GstBaseTransform* base) {
  auto* self = GST_AUDIT_LOG(base);
  State& state = self->state;
  return gststeg::guarded(GST_ELEMENT(self), FALSE, [&]() -> gboolean {
    const std::shared_ptr<audit::AuditLog> log = running(state);
    if (!log) return TRUE;
    const audit::Stats stats = log->stop();
    {
      const std::lock_guard<std::mutex> lock(state.lock);
      state.stats = stats;
      state.log.reset();
    }
    if (!stats.lost.empty()) {
      const std::string text = "The audit log has lost " + stats.lost +
                               "\nNeither the spool file nor the database could be written. " + stats.writer.last_error;
      // Who goes to NULL at once never reads the bus again.
      g_printerr("auditlog: %s\n", text.c_str());
      GST_ELEMENT_ERROR(self, RESOURCE, WRITE, ("%s", text.c_str()), (nullptr));
    } else if (stats.pending > 0) {
      GST_ELEMENT_WARNING(self, RESOURCE, WRITE,
                          ("%" G_GSIZE_FORMAT " events of the audit log wait in %s. The next start of this stream with "
                           "this database writes them.",
                           stats.pending, stats.spool_path.c_str()),
                          (nullptr));
    }
    return TRUE;
  });
}

void count_unmarked(GstAuditLog* self) {
  bool first = false;
  {
    const std::lock_guard<std::mutex> lock(self->state.lock);
    first = self->state.unmarked++ == 0;
  }
  if (first)
    GST_ELEMENT_WARNING(self, STREAM, WRONG_TYPE,
                        ("Frames without a mark pass auditlog, and are not in the log. Put stegencode in front of it."),
                        (nullptr));
}

/// No ID is as long as the word.
bool names_segment(std::string_view id) {
  constexpr std::string_view kWord = "segment ";
  return id.substr(0, kWord.size()) == kWord;
}

GstFlowReturn transform_ip(GstBaseTransform* base, GstBuffer* buffer) {
  auto* self = GST_AUDIT_LOG(base);
  return gststeg::guarded(GST_ELEMENT(self), GST_FLOW_ERROR, [&]() -> GstFlowReturn {
    const GstStructure* meta = gst_steg_meta_get(buffer, GST_STEG_MARK_META_NAME);
    const auto text = [&](const char* field) {
      const gchar* value = meta ? gst_structure_get_string(meta, field) : nullptr;
      return std::string_view(value ? value : "");
    };
    audit::Mark mark;
    mark.id = text("id");
    if (mark.id.empty()) {
      count_unmarked(self);
      return GST_FLOW_OK;
    }
    if (names_segment(mark.id)) {
      GST_ELEMENT_ERROR(self, STREAM, WRONG_TYPE,
                        ("The frames carry segments of an A/B stream, and no ID of a viewer that could be logged: all "
                         "viewers share them. Take auditlog out of this pipeline; the log has the viewers' tokens."),
                        ("first: %s", std::string(mark.id).c_str()));
      return GST_FLOW_ERROR;
    }
    mark.key_fingerprint = text("key-fingerprint");
    mark.model_fingerprint = text("model-fingerprint");
    const auto action = steg::action_of(text("action"));
    if (!action) {
      GST_ELEMENT_ERROR(
          self, STREAM, FORMAT,
          ("A frame's mark has the action \"%s\", which auditlog does not know. Use stegencode and auditlog "
           "of the same version.",
           std::string(text("action")).c_str()),
          (nullptr));
      return GST_FLOW_ERROR;
    }
    mark.action = *action;
    std::optional<std::int64_t> pts;
    if (GST_BUFFER_PTS_IS_VALID(buffer)) pts = static_cast<std::int64_t>(GST_BUFFER_PTS(buffer));
    // Only stop() takes the log away, and that waits for the streaming thread.
    switch (running(self->state)->frame(mark, pts)) {
      case audit::AuditLog::Result::counted:
        return GST_FLOW_OK;
      case audit::AuditLog::Result::flushing:
        return GST_FLOW_FLUSHING;
      case audit::AuditLog::Result::full:
        break;
    }
    GST_ELEMENT_ERROR(
        self, RESOURCE, NO_SPACE_LEFT,
        ("The audit log is full: spool file and database cannot be written, and on-full=error. Make room, "
         "or bring the database back."),
        (nullptr));
    return GST_FLOW_ERROR;
  });
}

gboolean sink_event(GstBaseTransform* base, GstEvent* event) {
  auto* self = GST_AUDIT_LOG(base);
  if (const std::shared_ptr<audit::AuditLog> log = running(self->state)) {
    switch (GST_EVENT_TYPE(event)) {
      case GST_EVENT_EOS:
        log->end();
        break;
      case GST_EVENT_FLUSH_START:
        log->set_flushing(true);
        break;
      case GST_EVENT_FLUSH_STOP:
        log->set_flushing(false);
        break;
      default:
        break;
    }
  }
  return GST_BASE_TRANSFORM_CLASS(gst_audit_log_parent_class)->sink_event(base, event);
}

GstStateChangeReturn change_state(GstElement* element, GstStateChange transition) {
  // The pads are deactivated before stop() is called, and that waits for a frame that waits for room.
  if (transition == GST_STATE_CHANGE_PAUSED_TO_READY)
    if (const std::shared_ptr<audit::AuditLog> log = running(GST_AUDIT_LOG(element)->state)) log->set_flushing(true);
  return GST_ELEMENT_CLASS(gst_audit_log_parent_class)->change_state(element, transition);
}

void finalize(GObject* object) {
  GST_AUDIT_LOG(object)->state.~State();
  G_OBJECT_CLASS(gst_audit_log_parent_class)->finalize(object);
}

void install_properties(GObjectClass* klass) {
  const auto flags = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_READY);
  const auto live = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_property(
      klass, kPropDatabase,
      g_param_spec_string(
          "database", "Database",
          "Where the log is kept: sqlite:PATH (created if it is not there) or "
          "postgresql://USER:PASSWORD@HOST:PORT/DATABASE (must exist; better keep the password in "
          "~/.pgpass). Tables are created at the first start. Opened at READY to PAUSED; what cannot be "
          "opened is an error then",
          "sqlite:steg-audit.db", flags));
  g_object_class_install_property(
      klass, kPropStream,
      g_param_spec_string("stream", "Stream",
                          "Name of this stream in the log, any UTF-8 text. Rows of a stream form one hash chain; give "
                          "each stream that runs at the same time its own name",
                          "default", flags));
  g_object_class_install_property(
      klass, kPropClientIp,
      g_param_spec_string("client-ip", "Client IP",
                          "Address of the client that gets this stream, stored as it is (any UTF-8 text). A change "
                          "begins a new record with the next frame. Not set: stored as empty",
                          nullptr, live));
  g_object_class_install_property(
      klass, kPropSpool,
      g_param_spec_string("spool", "Spool file",
                          "File that keeps records until the database has them; put it on a disk that survives a "
                          "crash. Not set: DATABASE.STREAM.spool beside an SQLite file; for other databases a file in "
                          "$XDG_STATE_HOME/gst-steg (~/.local/state/gst-steg). `stats` shows which",
                          nullptr, flags));
  g_object_class_install_property(
      klass, kPropSpoolLimit,
      g_param_spec_uint64("spool-limit", "Spool limit",
                          "Bytes that the spool file may grow to while the database is away; 0 for no limit. A record "
                          "takes about 1000",
                          0, G_MAXUINT64, kDefaultSpoolLimit, flags));
  g_object_class_install_property(
      klass, kPropKeyFile,
      g_param_spec_string("key-file", "Key file",
                          "Text file with a line of 64 hexadecimal digits, the same as stegencode's: key of the hash "
                          "chain. Who has it can verify the log, and forge it. Not set: the public default key, "
                          "with a warning",
                          nullptr, flags));
  g_object_class_install_property(
      klass, kPropOnFull,
      g_param_spec_enum("on-full", "On full",
                        "What happens to a frame that begins a record when spool and queue (4096 events) are full: "
                        "hold the stream (block) or stop it (error). Records are never dropped",
                        on_full_type(), static_cast<gint>(audit::OnFull::block), live));
  g_object_class_install_property(
      klass, kPropStartWithoutDatabase,
      g_param_spec_boolean("start-without-database", "Start without database",
                           "Start although the database cannot be reached and never was with this spool, and spool "
                           "until it is there. A database that refuses (wrong password, other tables) is an error all "
                           "the same",
                           FALSE, flags));
  g_object_class_install_property(
      klass, kPropCheckpoints,
      g_param_spec_string("checkpoints", "Checkpoints",
                          "Second place that gets a signed note of the last row from time to time, so that rewriting "
                          "the log shows even to who has its key: a file (FILE or file:FILE) or another database "
                          "(sqlite:PATH, postgresql://…). Not set: none",
                          nullptr, flags));
  g_object_class_install_property(
      klass, kPropCheckpointInterval,
      g_param_spec_uint("checkpoint-interval", "Checkpoint interval",
                        "Shortest time between two checkpoints, in seconds; one more is written at the stop", 1,
                        G_MAXUINT / 1000, 600, flags));
  g_object_class_install_property(
      klass, kPropStats,
      g_param_spec_boxed(
          "stats", "Statistics",
          "Numbers of this run, or the last one: frames (counted), unmarked (frames without a mark), "
          "records (begun), pending (events that are not in the database), spooled (of these, on disk), "
          "written (events in the database; a record is two), failed (attempts to write), connected, "
          "spool-bytes, spool (its path), session, last-error, last-seq (number of this stream's last row in "
          "the database), verified-seq (of the last one that was read back and found intact), tampered "
          "(rows of this run that were not)",
          GST_TYPE_STRUCTURE, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace

static void gst_audit_log_class_init(GstAuditLogClass* klass) {
  GST_DEBUG_CATEGORY_INIT(audit_log_debug, "auditlog", 0, "audit log of marked frames");
  auto* object_class = G_OBJECT_CLASS(klass);
  auto* element_class = GST_ELEMENT_CLASS(klass);
  auto* transform_class = GST_BASE_TRANSFORM_CLASS(klass);
  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->finalize = finalize;
  install_properties(object_class);
  gst_type_mark_as_plugin_api(on_full_type(), static_cast<GstPluginAPIFlags>(0));
  element_class->change_state = change_state;
  gst_element_class_add_static_pad_template(element_class, &sink_template);
  gst_element_class_add_static_pad_template(element_class, &src_template);
  gst_element_class_set_static_metadata(
      element_class, "Audit log of marked frames", "Filter/Metadata/Video",
      "Records in a database which ID went to which address in which minute, tamper-evident and without losing records",
      "The gst-steg developers");
  transform_class->start = start;
  transform_class->stop = stop;
  transform_class->sink_event = sink_event;
  transform_class->transform_ip = transform_ip;
  transform_class->transform_ip_on_passthrough = TRUE;
}

static void gst_audit_log_init(GstAuditLog* self) {
  new (&self->state) State();
  auto* base = GST_BASE_TRANSFORM(self);
  gst_base_transform_set_passthrough(base, TRUE);
  gst_base_transform_set_gap_aware(base, TRUE);
  gst_base_transform_set_qos_enabled(base, FALSE);
}
