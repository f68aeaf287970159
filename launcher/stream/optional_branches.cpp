// SPDX-License-Identifier: LGPL-2.1-or-later
#include "optional_branches.hpp"

#include <algorithm>

#include "elements.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/base/seconds.hpp"
#include "plugins/common/for_each_element.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

/// Follows the branch from its first pad to the pad that was requested from an element; null if there is none.
Ptr<GstPad> find_request_pad(GstPad* head) {
  Ptr<GstPad> pad(GST_PAD(gst_object_ref(head)));
  while (pad) {
    GstPadTemplate* pad_template = GST_PAD_PAD_TEMPLATE(pad.get());
    if (pad_template && GST_PAD_TEMPLATE_PRESENCE(pad_template) == GST_PAD_REQUEST) return pad;
    const Ptr<GstElement> element(gst_pad_get_parent_element(pad.get()));
    const Ptr<GstPad> source(element ? gst_element_get_static_pad(element.get(), "src") : nullptr);
    pad.reset(source ? gst_pad_get_peer(source.get()) : nullptr);
  }
  return nullptr;
}

/// True if what a demuxer puts out reaches the pad, or would if there were data.
bool has_input(GstPad* sink) {
  const Ptr<GstPad> source(gst_pad_get_peer(sink));
  if (!source) return false;
  const Ptr<GstElement> element(gst_pad_get_parent_element(source.get()));
  const Ptr<GstPad> next(element ? gst_element_get_static_pad(element.get(), "sink") : nullptr);
  const GstPadTemplate* pad_template = GST_PAD_PAD_TEMPLATE(source.get());
  const bool of_demuxer = pad_template && GST_PAD_TEMPLATE_PRESENCE(pad_template) == GST_PAD_SOMETIMES;
  return of_demuxer || !next || has_input(next.get());
}

/// Marks an element that has reported that it has no more pads.
constexpr const char* kComplete = "gst-steg-no-more-pads";

/// False for one that waits for another demuxer to have something for it.
bool is_fed(GstElement* element) {
  const Ptr<GstPad> sink(gst_element_get_static_pad(element, "sink"));
  return !sink || gst_pad_is_linked(sink.get());
}

bool has_sometimes_pads(GstElement* element) {
  for (const GList* item = gst_element_class_get_pad_template_list(GST_ELEMENT_GET_CLASS(element)); item;
       item = item->next) {
    if (GST_PAD_TEMPLATE_PRESENCE(GST_PAD_TEMPLATE(item->data)) == GST_PAD_SOMETIMES) return true;
  }
  return false;
}

/// A muxer that no branch feeds, such as that of the sound alone: a sink would wait for data for ever, and the pipeline
/// for it.
void remove_idle(GstElement* muxer) {
  const Ptr<GstObject> parent(gst_element_get_parent(muxer));
  if (!parent || muxer->numsinkpads > 0) return;
  gst_element_set_locked_state(muxer, TRUE);
  gst_element_set_state(muxer, GST_STATE_NULL);
  gst_bin_remove(GST_BIN(parent.get()), muxer);
}

}  // namespace

OptionalBranches::Branch OptionalBranches::take_off(GstBin* bin, const std::string& name) {
  const Ptr<GstElement> element(gst_bin_get_by_name(bin, name.c_str()));
  Ptr<GstPad> head(element ? gst_element_get_static_pad(element.get(), "sink") : nullptr);
  if (!head) {
    throw ConfigError("[pipeline] optional: the description has no element named '" + name +
                      "' with a sink pad: give the first element of the branch that name");
  }
  const Ptr<GstPad> request_pad = find_request_pad(head.get());
  Ptr<GstPad> tail(request_pad ? gst_pad_get_peer(request_pad.get()) : nullptr);
  if (!tail) {
    throw ConfigError("[pipeline] optional: the branch that begins with '" + name + "' does not end at a muxer");
  }
  Ptr<GstElement> muxer(gst_pad_get_parent_element(request_pad.get()));
  GstPadTemplate* muxer_template = GST_PAD_PAD_TEMPLATE(request_pad.get());
  gst_pad_unlink(tail.get(), request_pad.get());
  gst_element_release_request_pad(muxer.get(), request_pad.get());
  // mp4mux keeps a track for a released pad until it is started and stopped once.
  gst_element_set_state(muxer.get(), GST_STATE_PAUSED);
  gst_element_set_state(muxer.get(), GST_STATE_NULL);
  return {name, std::move(head), std::move(tail), std::move(muxer), muxer_template};
}

void OptionalBranches::block(GstPad* pad) {
  const auto data = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BLOCK | GST_PAD_PROBE_TYPE_BUFFER |
                                                 GST_PAD_PROBE_TYPE_BUFFER_LIST);
  const gulong id = gst_pad_add_probe(
      pad, data, [](GstPad*, GstPadProbeInfo*, gpointer) { return GST_PAD_PROBE_OK; }, nullptr, nullptr);
  blocks_.push_back({Ptr<GstPad>(GST_PAD(gst_object_ref(pad))), id});
}

void OptionalBranches::unblock(GstPad* pad) {
  for (const Block& block : blocks_) {
    if (block.pad.get() == pad) gst_pad_remove_probe(pad, block.id);
  }
  blocks_.erase(
      std::remove_if(blocks_.begin(), blocks_.end(), [pad](const Block& block) { return block.pad.get() == pad; }),
      blocks_.end());
}

OptionalBranches::OptionalBranches(GstBin* bin, const std::vector<std::string>& names) {
  for (const std::string& name : names) branches_.push_back(take_off(bin, name));
  for (const Branch& branch : branches_) {
    block(branch.tail.get());
    for (GList* item = branch.muxer->sinkpads; item; item = item->next) {
      const Ptr<GstPad> peer(gst_pad_get_peer(GST_PAD(item->data)));
      if (peer) block(peer.get());
    }
  }
  if (branches_.empty()) return;
  gststeg::for_each_element(bin, [this](GstElement* element) {
    if (!has_sometimes_pads(element)) return;
    for (const gulong id : {g_signal_connect(element, "pad-added", G_CALLBACK(on_pad_added), this),
                            g_signal_connect(element, "no-more-pads", G_CALLBACK(on_no_more_pads), this)}) {
      signals_.push_back({Ptr<GstElement>(GST_ELEMENT(gst_object_ref(element))), id});
    }
  });
}

OptionalBranches::~OptionalBranches() {
  for (const Signal& signal : signals_) g_signal_handler_disconnect(signal.element.get(), signal.id);
  for (const Block& block : blocks_) gst_pad_remove_probe(block.pad.get(), block.id);
}

void OptionalBranches::on_pad_added(GstElement*, GstPad*, gpointer self) {
  gint64 none = 0;
  static_cast<OptionalBranches*>(self)->first_pad_.compare_exchange_strong(none, g_get_monotonic_time());
}

void OptionalBranches::on_no_more_pads(GstElement* element, gpointer self) {
  auto* branches = static_cast<OptionalBranches*>(self);
  g_object_set_data(G_OBJECT(element), kComplete, element);
  branches->complete_ = std::all_of(branches->signals_.begin(), branches->signals_.end(), [](const Signal& signal) {
    return !is_fed(signal.element.get()) || g_object_get_data(G_OBJECT(signal.element.get()), kComplete);
  });
}

std::vector<std::string> OptionalBranches::decide(Seconds wait) {
  std::vector<std::string> given_up;
  if (decided_ || branches_.empty()) return given_up;
  const gint64 first = first_pad_;
  const bool waited =
      first != 0 && g_get_monotonic_time() - first >= static_cast<gint64>(wait.count() * G_USEC_PER_SEC);
  const bool all_linked = std::all_of(branches_.begin(), branches_.end(),
                                      [](const Branch& branch) { return has_input(branch.head.get()); });
  if (!waited && !complete_ && !all_linked) return given_up;
  decided_ = true;
  for (Branch& branch : branches_) {
    Ptr<GstPad> muxer_pad;
    if (has_input(branch.head.get())) {
      muxer_pad.reset(gst_element_request_pad(branch.muxer.get(), branch.muxer_template, nullptr, nullptr));
    }
    branch.refused = muxer_pad && gst_pad_link(branch.tail.get(), muxer_pad.get()) != GST_PAD_LINK_OK;
    branch.given_up = !muxer_pad || branch.refused;
    if (branch.refused) {
      given_up.push_back("the muxer does not take what branch '" + branch.name + "' brings");
    } else if (branch.given_up) {
      given_up.push_back("the input has nothing for branch '" + branch.name + "'");
    }
  }
  for (const Branch& branch : branches_) {
    if (branch.given_up) remove_idle(branch.muxer.get());
  }
  // Every pad is requested before the first muxer sees data. A branch that was given up stays blocked.
  std::vector<Ptr<GstPad>> pads;
  for (const Block& block : blocks_) pads.emplace_back(GST_PAD(gst_object_ref(block.pad.get())));
  for (const Ptr<GstPad>& pad : pads) {
    const bool dead = std::any_of(branches_.begin(), branches_.end(),
                                  [&pad](const Branch& branch) { return branch.given_up && branch.tail == pad; });
    if (!dead) unblock(pad.get());
  }
  return given_up;
}

bool OptionalBranches::any_given_up() const {
  return std::any_of(branches_.begin(), branches_.end(), [](const Branch& branch) { return branch.given_up; });
}

std::string OptionalBranches::appeared() const {
  for (const Branch& branch : branches_) {
    if (branch.given_up && !branch.refused && has_input(branch.head.get())) return branch.name;
  }
  return "";
}

}  // namespace launcher
