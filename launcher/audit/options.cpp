// SPDX-License-Identifier: LGPL-2.1-or-later
#include "options.hpp"

#include <memory>
#include <utility>

namespace auditor {

namespace {

struct FreeContext {
  void operator()(GOptionContext* context) const { g_option_context_free(context); }
};
struct FreeError {
  void operator()(GError* error) const { g_error_free(error); }
};
struct FreeText {
  void operator()(gchar* text) const { g_free(text); }
};
struct FreeList {
  void operator()(gchar** list) const { g_strfreev(list); }
};

}  // namespace

Options::Options(std::string usage, std::string about, std::string more)
    : usage_(std::move(usage)), about_(std::move(about)), more_(std::move(more)) {}

void Options::add(char letter, const char* name, GOptionArg kind, gpointer place, const char* help, const char* value) {
  entries_.push_back({name, letter, 0, kind, place, help, value});
}

void Options::text(char letter, const char* name, std::string& target, const char* help, const char* value) {
  gchar*& place = texts_.emplace_back(nullptr);
  add(letter, name, G_OPTION_ARG_STRING, &place, help, value);
  take_.emplace_back([&place, &target] {
    const std::unique_ptr<gchar, FreeText> owner(place);
    if (place) target = place;
  });
}

void Options::texts(char letter, const char* name, std::vector<std::string>& target, const char* help,
                    const char* value) {
  gchar**& place = lists_.emplace_back(nullptr);
  add(letter, name, G_OPTION_ARG_STRING_ARRAY, &place, help, value);
  take_.emplace_back([&place, &target] {
    const std::unique_ptr<gchar*, FreeList> owner(place);
    for (gchar** item = place; item && *item; ++item) target.emplace_back(*item);
  });
}

void Options::number(char letter, const char* name, std::int64_t& target, const char* help, const char* value) {
  gint64& place = numbers_.emplace_back(target);
  add(letter, name, G_OPTION_ARG_INT64, &place, help, value);
  take_.emplace_back([&place, &target] { target = place; });
}

void Options::flag(char letter, const char* name, bool& target, const char* help) {
  gboolean& place = flags_.emplace_back(FALSE);
  add(letter, name, G_OPTION_ARG_NONE, &place, help, nullptr);
  take_.emplace_back([&place, &target] { target = target || place != FALSE; });
}

void Options::rest(std::vector<std::string>& target) { texts(0, G_OPTION_REMAINING, target, nullptr, nullptr); }

void Options::parse(int argc, char** argv) {
  entries_.push_back({nullptr, 0, 0, G_OPTION_ARG_NONE, nullptr, nullptr, nullptr});
  const std::unique_ptr<GOptionContext, FreeContext> context(g_option_context_new(usage_.c_str()));
  g_option_context_set_summary(context.get(), about_.c_str());
  g_option_context_set_description(context.get(), more_.c_str());
  g_option_context_add_main_entries(context.get(), entries_.data(), nullptr);
  GError* raw_error = nullptr;
  const bool parsed = g_option_context_parse(context.get(), &argc, &argv, &raw_error) != FALSE;
  const std::unique_ptr<GError, FreeError> error(raw_error);
  for (const auto& take : take_) take();
  if (!parsed) throw UsageError(error->message);
  if (argc > 1) throw UsageError("\"" + std::string(argv[1]) + "\" is one word too many");
}

}  // namespace auditor
