// SPDX-License-Identifier: LGPL-2.1-or-later
#include <memory>

#include "launcher/base/unref_object.hpp"
#include "plugins/common/crypto/key.hpp"
#include "services.hpp"

namespace launcher {
namespace {

struct NewToken {
  std::string viewer;
  std::string client_ip;
  std::int64_t minutes = 0;
  TokenFormat format = TokenFormat::jwt;
  std::int64_t direct = 0;  ///< segments that the token has the pattern of
};

NewToken read_new_token(const Request& request) {
  NewToken token;
  try {
    token.viewer = read_string_member(request.body, "viewer");
    token.minutes = read_integer_member(request.body, "minutes");
    token.client_ip = read_string_member(request.body, "client_ip", "");
    const std::string format = read_string_member(request.body, "format", "jwt");
    if (format != "jwt" && format != "cwt") throw std::runtime_error("\"format\" is \"jwt\" or \"cwt\".");
    token.direct = read_integer_member(request.body, "direct", 0);
    token.format = format == "jwt" ? TokenFormat::jwt : TokenFormat::cwt;
  } catch (const std::runtime_error& error) {
    throw Refusal(SOUP_STATUS_BAD_REQUEST, error.what());
  }
  return token;
}

void text_or_null(JsonText& json, const char* name, const std::string& value) {
  value.empty() ? json.null(name) : json.text(name, value);
}

void add_members(JsonText& json, const TokenInfo& info) {
  json.text("id", info.id).text("viewer", info.viewer).text("client_ip", info.client_ip).text("issued", info.issued);
  text_or_null(json, "until", info.until);
  text_or_null(json, "revoked", info.revoked);
  text_or_null(json, "last_seen", info.last_seen);
}

Reply list_of(const TokenOffice& office) {
  JsonText json;
  json.boolean("ok", true).begin_list("tokens");
  for (const TokenInfo& info : office.list()) {
    json.begin_item();
    add_members(json, info);
    json.end();
  }
  return success(json.end_list());
}

Reply issued(TokenOffice& office, const NewToken& wanted) {
  try {
    const TokenOffice::Issued made =
        office.issue(wanted.viewer, wanted.client_ip, wanted.minutes, wanted.format, wanted.direct);
    JsonText json;
    json.boolean("ok", true).text("token", made.token).text("path", Edge::kPrefix + made.token + "/");
    add_members(json, made.info);
    return success(json);
  } catch (const std::invalid_argument& error) {
    return problem(SOUP_STATUS_BAD_REQUEST, error.what());
  } catch (const steg::KeyError& error) {
    return problem(SOUP_STATUS_NOT_IMPLEMENTED, error.what());
  } catch (const audit::AuditError& error) {
    return problem(SOUP_STATUS_SERVICE_UNAVAILABLE, error.what());
  }
}

Reply revoked(TokenOffice& office, const std::string& id) {
  try {
    const std::optional<TokenInfo> info = office.revoke(id);
    if (!info) return problem(SOUP_STATUS_NOT_FOUND, "There is no such token: GET /tokens lists them.");
    JsonText json;
    json.boolean("ok", true);
    add_members(json, *info);
    return success(json);
  } catch (const audit::AuditError& error) {
    return problem(SOUP_STATUS_SERVICE_UNAVAILABLE, error.what());
  }
}

struct Job {
  std::function<Reply()> work;
  Reply reply;
  std::unique_ptr<PendingReply> pending;
};

/// On a thread of its own: a disk may take its time, and the main loop serves everybody else.
std::optional<Reply> answer_later(const Request& request, std::function<Reply()> work) {
  auto job = std::make_unique<Job>();
  job->work = std::move(work);
  job->pending = std::make_unique<PendingReply>(request.message);
  const auto done = +[](GObject*, GAsyncResult* result, gpointer) {
    auto* of = static_cast<Job*>(g_task_get_task_data(G_TASK(result)));
    of->pending->answer(of->reply);
  };
  const auto run = +[](GTask* task, gpointer, gpointer data, GCancellable*) {
    auto* of = static_cast<Job*>(data);
    try {
      of->reply = of->work();
    } catch (const std::exception& error) {
      of->reply = problem(SOUP_STATUS_INTERNAL_SERVER_ERROR, error.what());
    }
    g_task_return_boolean(task, TRUE);
  };
  const std::unique_ptr<GTask, UnrefObject> task(g_task_new(nullptr, nullptr, done, nullptr));
  g_task_set_task_data(task.get(), job.release(),
                       [](gpointer data) { const std::unique_ptr<Job> owned(static_cast<Job*>(data)); });
  g_task_run_in_thread(task.get(), run);
  return std::nullopt;
}

using SharedEdge = std::shared_ptr<EdgeService>;

const SharedEdge& there(const SharedEdge& edge) {
  if (!edge) throw Refusal(SOUP_STATUS_NOT_FOUND, "There are no tokens: the pipeline file has no [edge] group.");
  return edge;
}

}  // namespace

void add_token_routes(HttpServer& server, const std::shared_ptr<EdgeService>& edge) {
  server.add({{"POST", "/tokens"}, [edge](Request& request) {
                return answer_later(request, [edge = there(edge), wanted = read_new_token(request)] {
                  return issued(edge->office(), wanted);
                });
              }});
  server.add({{"GET", "/tokens"}, [edge](Request&) { return list_of(there(edge)->office()); }});
  server.add({{"DELETE", "/tokens/{id}"}, [edge](Request& request) {
                return answer_later(
                    request, [edge = there(edge), id = request.captures[0]] { return revoked(edge->office(), id); });
              }});
}

}  // namespace launcher
