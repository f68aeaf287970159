// SPDX-License-Identifier: LGPL-2.1-or-later
#include "encode_properties.hpp"

#include "plugins/common/property_value.hpp"
#include "plugins/steg/model/model_path.hpp"
#include "plugins/steg/watermark/segment_mark.hpp"
#include "settings.hpp"

namespace steg {

namespace {

constexpr gfloat kMinStrength = 0.05F;
constexpr gfloat kMaxStrength = 4.0F;
constexpr gint kMaxResidualInterval = 4;

/// Gives the member that keeps the property to `use`, which returns true. False if none does.
template <class Settings, class Use>
bool with_setting(Settings& settings, guint property, const Use& use) {
  switch (property) {
    case kPropKeyFile:
      return use(settings.key_file);
    case kPropModel:
      return use(settings.model);
    case kPropStrength:
      return use(settings.strength);
    case kPropOnDuplicate:
      return use(settings.on_duplicate);
    case kPropResidualInterval:
      return use(settings.residual_interval);
    case kPropEpochPeriod:
      return use(settings.epoch_period);
    case kPropEpochOrigin:
      return use(settings.epoch_origin);
    case kPropThreads:
      return use(settings.threads);
    case kPropDevice:
      return use(settings.device);
    case kPropVerifyInterval:
      return use(settings.verify_interval);
    case kPropVerifyModel:
      return use(settings.verify_model);
    case kPropSegmentDuration:
      return use(settings.segment_duration);
    case kPropVariant:
      return use(settings.variant);
    case kPropFirstPosition:
      return use(settings.first_position);
    default:
      return false;
  }
}

}  // namespace

std::string EncodeSettings::encoder_path() const { return model_path(model, "encoder.pt"); }

std::string EncodeSettings::extractor_path() const { return model_path(verify_model, "extractor.pt"); }

bool EncodeSettings::set(guint property, const GValue* value) {
  return with_setting(*this, property, [value](auto& member) { return gststeg::read_value(value, member); });
}

bool EncodeSettings::get(guint property, GValue* value) const {
  if (property == kPropModel) return gststeg::write_value(value, encoder_path());
  if (property == kPropVerifyModel) return gststeg::write_value(value, extractor_path());
  return with_setting(*this, property, [value](const auto& member) { return gststeg::write_value(value, member); });
}

GstStructure* EncodeStats::structure(const std::string& id_requested) const {
  GstStructure* structure = gst_structure_new("stegencode-stats",                                      //
                                              "frames", G_TYPE_UINT64, encoded + repeated + residual,  //
                                              "encoded", G_TYPE_UINT64, encoded,                       //
                                              "repeated", G_TYPE_UINT64, repeated,                     //
                                              "residual", G_TYPE_UINT64, residual,                     //
                                              "id-requested", G_TYPE_STRING, id_requested.c_str(),     //
                                              "id-applied", G_TYPE_STRING, id_applied.c_str(),         //
                                              "epoch", G_TYPE_UINT, static_cast<guint>(epoch),         //
                                              "last-encode-time", G_TYPE_UINT64, last_encode_time,     //
                                              "max-encode-time", G_TYPE_UINT64, max_encode_time, nullptr);
  verify.add_to(structure);
  return structure;
}

GType on_duplicate_type() {
  static const GEnumValue values[] = {
      {static_cast<gint>(OnDuplicate::repeat), "Send the last output again, whole (cheapest)", "repeat"},
      {static_cast<gint>(OnDuplicate::residual), "Add the last residual to this frame", "residual"},
      {static_cast<gint>(OnDuplicate::encode), "Run the encoder as for any frame", "encode"},
      {0, nullptr, nullptr}};
  static const GType type = g_enum_register_static("GstStegEncodeOnDuplicate", values);
  return type;
}

void install_encode_properties(GObjectClass* klass) {
  const EncodeSettings defaults;
  constexpr auto kAlways = static_cast<GParamFlags>(G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  constexpr auto kReady = static_cast<GParamFlags>(kAlways | GST_PARAM_MUTABLE_READY);
  constexpr auto kPlaying = static_cast<GParamFlags>(kAlways | GST_PARAM_MUTABLE_PLAYING);
  g_object_class_install_property(
      klass, kPropId,
      g_param_spec_string("id", "ID",
                          "The ID to embed: 1 to 7 bytes of UTF-8 without control characters. Required before the "
                          "element starts. May change while playing, from any thread: the next frame carries the new "
                          "ID. An ID that is not valid is refused with a warning, and the old one stays.",
                          nullptr, kPlaying));
  g_object_class_install_property(
      klass, kPropKeyFile,
      g_param_spec_string("key-file", "Key file",
                          "Text file with the secret key, 64 hexadecimal digits; make one with `steg-audit keygen "
                          "steg.key` and keep it. Without it the public default key is used: anyone can then read and "
                          "forge the marks. Read when the element starts.",
                          nullptr, kReady));
  g_object_class_install_property(
      klass, kPropModel,
      g_param_spec_string(
          "model", "Model",
          "The encoder network, a TorchScript file. Default: encoder.pt in the folder that "
          "GST_STEG_MODEL_PATH names, else in the folder of the installed models. Loaded and tried when "
          "the element starts.",
          nullptr, kReady));
  g_object_class_install_property(
      klass, kPropStrength,
      g_param_spec_float("strength", "Strength",
                         "Factor on the residual. More survives harder copying and is seen sooner; 1 is what the model "
                         "was trained for.",
                         kMinStrength, kMaxStrength, defaults.strength, kPlaying));
  g_object_class_install_property(
      klass, kPropOnDuplicate,
      g_param_spec_enum("on-duplicate", "On duplicate",
                        "What to do with a frame that framediff, placed before this element, calls nearly the same as "
                        "one before. Honoured only while ID, epoch, strength, caps and segment have not changed "
                        "since; else, and without framediff, every frame is encoded.",
                        on_duplicate_type(), static_cast<gint>(OnDuplicate::repeat), kPlaying));
  g_object_class_install_property(
      klass, kPropResidualInterval,
      g_param_spec_int(
          "residual-interval", "Residual interval",
          "In moving scenes, the network makes a residual for one frame of so many; the others get the "
          "same one, for a fraction of the cost. A cut, another ID or another epoch always has a new one made.",
          1, kMaxResidualInterval, defaults.residual_interval, kPlaying));
  g_object_class_install_property(
      klass, kPropEpochPeriod,
      g_param_spec_uint64(
          "epoch-period", "Epoch period",
          "Nanoseconds after which the pattern of the same ID changes, counted from midnight UTC: no "
          "pattern comes twice in a day at 1.32 s or more, and a copy says when it was marked. Changes "
          "make still scenes readable from more frames and averaging attacks harder; each one asks the "
          "video encoder for a key frame. 0: no changes. With a model of contract version 1: of running "
          "time, and there are 8 patterns, used in turn.",
          0, G_MAXUINT64, defaults.epoch_period, kPlaying));
  g_object_class_install_property(
      klass, kPropEpochOrigin,
      g_param_spec_uint64("epoch-origin", "Epoch origin",
                          "Nanoseconds since 1970-01-01 UTC at running time 0, for files that are marked as if at "
                          "another time, and for tests. 18446744073709551615: the system's clock at the first frame "
                          "(with a model of contract version 1: 0). Read at the first frame.",
                          0, G_MAXUINT64, defaults.epoch_origin, kReady));
  g_object_class_install_property(
      klass, kPropThreads,
      g_param_spec_int("threads", "Threads",
                       "Threads for the operations of the network. More lower the delay of a frame and cost more CPU "
                       "time in all.",
                       1, kMaxThreads, 1, kReady));
  install_device_property(klass, kPropDevice);
  g_object_class_install_property(
      klass, kPropVerifyInterval,
      g_param_spec_uint64("verify-interval", "Verify interval",
                          "Nanoseconds of running time from one frame of the output that is read back, on a thread of "
                          "its own, to the next; each one is told by a message steg-verified and in the stats. 0: "
                          "none. The extractor is loaded when the element starts with another value than 0; from then "
                          "on the value may change.",
                          0, G_MAXUINT64, 0, kPlaying));
  g_object_class_install_property(
      klass, kPropVerifyModel,
      g_param_spec_string("verify-model", "Verify model",
                          "The extractor network for verify-interval, a TorchScript file. Default: extractor.pt in the "
                          "folder that GST_STEG_MODEL_PATH names, else in the folder of the installed models.",
                          nullptr, kReady));
  g_object_class_install_property(
      klass, kPropSegmentDuration,
      g_param_spec_uint64("segment-duration", "Segment duration",
                          "For A/B watermarking: marks segments of so many nanoseconds of running time instead of an "
                          "ID, each with its position and the variant, and asks the video encoder for a key frame at "
                          "the first frame of each. Epochs are segments then; epoch-period and epoch-origin mean "
                          "nothing. 0: none, an ID is marked.",
                          0, G_MAXUINT64, defaults.segment_duration, kReady));
  g_object_class_install_property(
      klass, kPropVariant,
      g_param_spec_int("variant", "Variant", "Which variant of the segments this is: 0 is a, 1 is b, up to 3.", 0,
                       kMostVariants - 1, defaults.variant, kReady));
  g_object_class_install_property(
      klass, kPropFirstPosition,
      g_param_spec_uint("first-position", "First position",
                        "The position of the segment that begins at running time 0. For a live stream that is started "
                        "anew, the time since 1970 over the segment duration: positions are not used twice then. "
                        "The same for all variants.",
                        0, G_MAXUINT, defaults.first_position, kReady));
  g_object_class_install_property(
      klass, kPropStats,
      g_param_spec_boxed("stats", "Statistics",
                         "Since the element started: frames, encoded, repeated, residual (guint64: how many frames, "
                         "and how their marks were made), id-requested, id-applied (strings: as set, and as in the "
                         "last frame), epoch (guint), last-encode-time, max-encode-time (guint64, ns); with "
                         "verify-interval: verified, verify-failed (guint64: frames read back, and those that did not "
                         "prove their ID), verify-margin, verify-worst-margin (double: see steg-verified).",
                         GST_TYPE_STRUCTURE, static_cast<GParamFlags>(G_PARAM_READABLE | G_PARAM_STATIC_STRINGS)));
}

}  // namespace steg
