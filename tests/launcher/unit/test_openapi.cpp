// docs/openapi.json has every route of the server, and no other.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gio/gio.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "launcher/base/unref_object.hpp"
#include "launcher/http/control_server.hpp"

using namespace launcher;

namespace {

std::set<std::string> documented() {
  const std::unique_ptr<JsonParser, UnrefObject> parser(json_parser_new());
  REQUIRE(json_parser_load_from_file(parser.get(), OPENAPI_FILE, nullptr));
  JsonObject* paths = json_object_get_object_member(json_node_get_object(json_parser_get_root(parser.get())), "paths");
  std::set<std::string> calls;
  GList* names = json_object_get_members(paths);
  for (GList* name = names; name; name = name->next) {
    const auto* path = static_cast<const char*>(name->data);
    GList* methods = json_object_get_members(json_object_get_object_member(paths, path));
    for (GList* method = methods; method; method = method->next) {
      std::string upper = static_cast<const char*>(method->data);
      std::transform(upper.begin(), upper.end(), upper.begin(), g_ascii_toupper);
      calls.insert(upper + " " + path);
    }
    g_list_free(methods);
  }
  g_list_free(names);
  return calls;
}

}  // namespace

TEST_CASE("the OpenAPI document has every route and no other", "[openapi]") {
  std::vector<StreamConfig> configs(1);
  configs[0].name = "test";
  configs[0].description = "fakesrc ! fakesink";
  ExitGuard guard;
  Streams streams(configs, guard, [] {});
  const ControlServer server(ServerSettings(), streams, nullptr);
  std::set<std::string> served;
  for (const RouteKey& route : server.routes()) served.insert(route.method + " " + route.pattern);
  CHECK(served == documented());
}
