// SPDX-License-Identifier: LGPL-2.1-or-later
#include "optional_branches.hpp"

#include <algorithm>

#include "description.hpp"
#include "elements.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

/// Follows the branch from its first pad to the pad that it requested from an element, and releases that one.
void release_request_pad(GstPad* head) {
  Ptr<GstPad> pad(GST_PAD(gst_object_ref(head)));
  while (pad) {
    const Ptr<GstElement> element(gst_pad_get_parent_element(pad.get()));
    if (!element) return;
    GstPadTemplate* pad_template = GST_PAD_PAD_TEMPLATE(pad.get());
    if (pad_template && GST_PAD_TEMPLATE_PRESENCE(pad_template) == GST_PAD_REQUEST) {
      const Ptr<GstPad> peer(gst_pad_get_peer(pad.get()));
      if (peer) gst_pad_unlink(peer.get(), pad.get());
      gst_element_release_request_pad(element.get(), pad.get());
      return;
    }
    const Ptr<GstPad> source(gst_element_get_static_pad(element.get(), "src"));
    pad.reset(source ? gst_pad_get_peer(source.get()) : nullptr);
  }
}

bool has_sometimes_pads(GstElement* element) {
  for (const GList* item = gst_element_class_get_pad_template_list(GST_ELEMENT_GET_CLASS(element)); item;
       item = item->next) {
    if (GST_PAD_TEMPLATE_PRESENCE(GST_PAD_TEMPLATE(item->data)) == GST_PAD_SOMETIMES) return true;
  }
  return false;
}

}  // namespace

OptionalBranches::OptionalBranches(GstBin* bin, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const Ptr<GstElement> element(gst_bin_get_by_name(bin, name.c_str()));
    Ptr<GstPad> head(element ? gst_element_get_static_pad(element.get(), "sink") : nullptr);
    if (!head) {
      throw ConfigError("[pipeline] optional: the description has no element named '" + name +
                        "' with a sink pad: give the first element of the branch that name");
    }
    branches_.push_back({name, std::move(head), false});
  }
  if (branches_.empty()) return;
  for_each_element(bin, [this](GstElement* element) {
    if (!has_sometimes_pads(element)) return;
    for (const gulong id : {g_signal_connect(element, "pad-added", G_CALLBACK(on_pad_added), this),
                            g_signal_connect(element, "no-more-pads", G_CALLBACK(on_no_more_pads), this)}) {
      signals_.push_back({Ptr<GstElement>(GST_ELEMENT(gst_object_ref(element))), id});
    }
  });
}

OptionalBranches::~OptionalBranches() {
  for (const Signal& signal : signals_) g_signal_handler_disconnect(signal.element.get(), signal.id);
}

void OptionalBranches::on_pad_added(GstElement*, GstPad*, gpointer self) {
  gint64 none = 0;
  static_cast<OptionalBranches*>(self)->first_pad_.compare_exchange_strong(none, g_get_monotonic_time());
}

void OptionalBranches::on_no_more_pads(GstElement*, gpointer self) {
  static_cast<OptionalBranches*>(self)->complete_ = true;
}

std::vector<std::string> OptionalBranches::give_up_unused(Seconds wait) {
  std::vector<std::string> names;
  const gint64 first = first_pad_;
  const bool waited =
      first != 0 && g_get_monotonic_time() - first >= static_cast<gint64>(wait.count() * G_USEC_PER_SEC);
  if (!waited && !complete_) return names;
  for (Branch& branch : branches_) {
    if (branch.given_up || gst_pad_is_linked(branch.head.get())) continue;
    branch.given_up = true;
    release_request_pad(branch.head.get());
    names.push_back(branch.name);
  }
  return names;
}

bool OptionalBranches::any_given_up() const {
  return std::any_of(branches_.begin(), branches_.end(), [](const Branch& branch) { return branch.given_up; });
}

std::string OptionalBranches::appeared() const {
  for (const Branch& branch : branches_) {
    if (branch.given_up && gst_pad_is_linked(branch.head.get())) return branch.name;
  }
  return "";
}

}  // namespace launcher
