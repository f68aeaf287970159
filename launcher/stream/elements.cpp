// SPDX-License-Identifier: LGPL-2.1-or-later
#include "elements.hpp"

#include "launcher/base/config_error.hpp"
#include "launcher/config/property_name.hpp"
#include "plugins/common/for_each_element.hpp"
#include "plugins/common/gst_ptr.hpp"

namespace launcher {
namespace {

using gststeg::Ptr;

struct Target {
  Ptr<GstElement> element;
  GParamSpec* spec;
};

Target find(GstBin* bin, const PropertyName& name) {
  Ptr<GstElement> element(gst_bin_get_by_name(bin, name.element.c_str()));
  if (!element) throw ConfigError("the description has no element named '" + name.element + "'");
  GParamSpec* spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element.get()), name.property.c_str());
  if (!spec) {
    throw ConfigError("element '" + name.element + "' (" + factory_name(element.get()) + ") has no property '" +
                      name.property + "'");
  }
  return {std::move(element), spec};
}

/// A GValue that frees what it holds.
struct Value {
  GValue value = G_VALUE_INIT;
  explicit Value(GType type) { g_value_init(&value, type); }
  ~Value() { g_value_unset(&value); }
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;
};

std::string to_text(const Target& target) {
  Value value(target.spec->value_type);
  g_object_get_property(G_OBJECT(target.element.get()), target.spec->name, &value.value);
  if (G_VALUE_HOLDS_STRING(&value.value)) {
    const gchar* text = g_value_get_string(&value.value);
    return text ? text : "";
  }
  const Ptr<gchar> text(gst_value_serialize(&value.value));
  return text ? text.get() : "";
}

}  // namespace

bool has_property(GstElement* element, const char* name) {
  return g_object_class_find_property(G_OBJECT_GET_CLASS(element), name) != nullptr;
}

void set_property(GstBin* bin, const PropertyName& name, const std::string& value) {
  const Target target = find(bin, name);
  if (!(target.spec->flags & G_PARAM_WRITABLE)) throw ConfigError(name.property + " cannot be set");
  Value parsed(target.spec->value_type);
  if (G_VALUE_HOLDS_STRING(&parsed.value)) {
    g_value_set_string(&parsed.value, value.c_str());
  } else if (!gst_value_deserialize(&parsed.value, value.c_str()) ||
             g_param_value_validate(target.spec, &parsed.value)) {
    throw ConfigError("'" + value + "' is not a value for " + name.element + "." + name.property);
  }
  g_object_set_property(G_OBJECT(target.element.get()), target.spec->name, &parsed.value);
  if (G_VALUE_HOLDS_STRING(&parsed.value) && (target.spec->flags & G_PARAM_READABLE) && to_text(target) != value) {
    throw ConfigError("element '" + name.element + "' refused '" + value + "' for " + name.property);
  }
}

std::string get_property(GstBin* bin, const PropertyName& name) { return to_text(find(bin, name)); }

std::string factory_name(GstElement* element) {
  GstElementFactory* factory = gst_element_get_factory(element);
  return factory ? GST_OBJECT_NAME(factory) : "";
}

GstElement* first_of_kind(GstBin* bin, const std::string& factory) {
  GstElement* found = nullptr;
  gststeg::for_each_element(bin, [&](GstElement* element) {
    if (!found && factory_name(element) == factory) found = element;
  });
  return found;
}

std::string property_of_kind(GstBin* bin, const std::string& factory, const std::string& property) {
  GstElement* element = first_of_kind(bin, factory);
  if (!element || !has_property(element, property.c_str())) return "";
  const Ptr<gchar> name(gst_element_get_name(element));
  return get_property(bin, {name.get(), property});
}

std::vector<std::string> end_places(GstBin* bin, GstElementFlags flag) {
  std::vector<std::string> places;
  gststeg::for_each_element(bin, [&](GstElement* element) {
    if (GST_IS_BIN(element) || !GST_OBJECT_FLAG_IS_SET(element, flag)) return;
    for (const char* property : {"location", "uri"}) {
      if (!has_property(element, property)) continue;
      const Ptr<gchar> name(gst_element_get_name(element));
      places.push_back(without_credentials(get_property(bin, {name.get(), property})));
      return;
    }
  });
  return places;
}

}  // namespace launcher
