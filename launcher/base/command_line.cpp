// SPDX-License-Identifier: LGPL-2.1-or-later
#include "command_line.hpp"

#include <memory>
#include <utility>

namespace launcher {
namespace {

struct Free {
  void operator()(GOptionContext* context) const { g_option_context_free(context); }
  void operator()(GError* error) const { g_error_free(error); }
  void operator()(gchar* text) const { g_free(text); }
  void operator()(gchar** list) const { g_strfreev(list); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

}  // namespace

void CommandLine::add_text(GOptionArg kind, char letter, const char* name, const char* help, const char* value,
                           Take take) {
  gchar*& place = texts_.emplace_back(nullptr);
  add(kind, letter, name, help, value, &place);
  take_.emplace_back([&place, take = std::move(take)] {
    const Owned<gchar> owner(place);
    if (place) take(place);
  });
}

void CommandLine::add_list(GOptionArg kind, char letter, const char* name, const char* help, const char* value,
                           Strings& target) {
  gchar**& place = lists_.emplace_back(nullptr);
  add(kind, letter, name, help, value, &place);
  take_.emplace_back([&place, &target] {
    const Owned<gchar*> owner(place);
    for (gchar** item = place; item && *item; ++item) target.emplace_back(*item);
  });
}

void CommandLine::texts(char letter, const char* name, Strings& target, const char* help, const char* value) {
  add_list(G_OPTION_ARG_STRING_ARRAY, letter, name, help, value, target);
}

void CommandLine::paths(char letter, const char* name, Strings& target, const char* help, const char* value) {
  add_list(G_OPTION_ARG_FILENAME_ARRAY, letter, name, help, value, target);
}

void CommandLine::number(char letter, const char* name, std::int64_t& target, const char* help, const char* value) {
  static_assert(sizeof(gint64) == sizeof target);
  add(G_OPTION_ARG_INT64, letter, name, help, value, &target);
}

void CommandLine::number(char letter, const char* name, int& target, const char* help, const char* value) {
  add(G_OPTION_ARG_INT, letter, name, help, value, &target);
}

void CommandLine::number(char letter, const char* name, double& target, const char* help, const char* value) {
  add(G_OPTION_ARG_DOUBLE, letter, name, help, value, &target);
}

void CommandLine::flag(char letter, const char* name, bool& target, const char* help) {
  gboolean& place = flags_.emplace_back(FALSE);
  add(G_OPTION_ARG_NONE, letter, name, help, nullptr, &place);
  take_.emplace_back([&place, &target] { target = target || place != FALSE; });
}

void CommandLine::parse(int argc, char** argv) {
  entries_.push_back({nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr});
  const Owned<GOptionContext> context(g_option_context_new(usage_));
  g_option_context_set_summary(context.get(), about_);
  g_option_context_set_description(context.get(), more_);
  g_option_context_add_main_entries(context.get(), entries_.data(), nullptr);
  for (GOptionGroup* group : groups_) g_option_context_add_group(context.get(), group);
  GError* raw_error = nullptr;
  const bool parsed = g_option_context_parse(context.get(), &argc, &argv, &raw_error) != FALSE;
  const Owned<GError> error(raw_error);
  for (const auto& take : take_) take();
  if (!parsed) throw UsageError(error->message);
  if (argc > 1) throw UsageError("\"" + std::string(argv[1]) + "\" is one word too many");
}

}  // namespace launcher
