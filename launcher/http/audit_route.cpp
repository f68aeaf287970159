// SPDX-License-Identifier: LGPL-2.1-or-later
#include <charconv>

#include "launcher/base/audit_row_json.hpp"
#include "launcher/base/unref_object.hpp"
#include "plugins/auditlog/audit_query.hpp"
#include "services.hpp"

namespace launcher {
namespace {

constexpr std::size_t kDefaultRows = 50;
constexpr std::size_t kMostRows = 1000;

std::string rows_json(const std::vector<audit::AuditRow>& rows) {
  JsonText json;
  // The rows as the database gives them: to walk the chain takes the key, and time.
  json.boolean("ok", true).boolean("verified", false).begin_list("rows");
  for (const audit::AuditRow& row : rows) json.item(audit_row_json(row, NoAddress::empty_text));
  return json.end_list().finish();
}

std::size_t most_rows(const std::string& text) {
  if (text.empty()) return kDefaultRows;
  std::size_t most = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), most);
  if (error != std::errc() || end != text.data() + text.size() || most < 1 || most > kMostRows) {
    throw Refusal(SOUP_STATUS_BAD_REQUEST, "most=" + text + " is not a number from 1 to 1000.");
  }
  return most;
}

std::optional<std::string> optional(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

struct Job {
  std::string database;
  audit::Query query;
  Reply reply;
  std::unique_ptr<PendingReply> pending;
};

/// On a thread of its own: a database may take its time, and the main loop serves everybody else.
void look_up(GTask* task, gpointer, gpointer data, GCancellable*) {
  auto* job = static_cast<Job*>(data);
  try {
    job->reply = {SOUP_STATUS_OK, rows_json(audit::find(job->database, job->query))};
  } catch (const std::exception& error) {
    job->reply = problem(SOUP_STATUS_SERVICE_UNAVAILABLE, error.what());
  }
  g_task_return_boolean(task, TRUE);
}

void answer(GObject*, GAsyncResult* result, gpointer) {
  auto* job = static_cast<Job*>(g_task_get_task_data(G_TASK(result)));
  job->pending->answer(job->reply);
}

std::optional<Reply> find_rows(const Request& request, const Supervisor& stream) {
  const std::string& database = stream.places().audit_database;
  if (database.empty()) {
    return problem(SOUP_STATUS_NOT_FOUND, "There is no audit log: the pipeline file has no auditlog element.");
  }
  auto job = std::make_unique<Job>();
  job->database = database;
  job->query.id = optional(request.parameter("id"));
  job->query.client_ip = optional(request.parameter("client_ip"));
  job->query.from_minute = optional(request.parameter("from"));
  job->query.to_minute = optional(request.parameter("to"));
  job->query.most = most_rows(request.parameter("most"));
  job->pending = std::make_unique<PendingReply>(request.message);
  const std::unique_ptr<GTask, UnrefObject> task(g_task_new(nullptr, nullptr, answer, nullptr));
  g_task_set_task_data(task.get(), job.release(),
                       [](gpointer data) { const std::unique_ptr<Job> owned(static_cast<Job*>(data)); });
  g_task_run_in_thread(task.get(), look_up);
  return std::nullopt;
}

}  // namespace

void add_audit_route(HttpServer& server, Streams& streams) {
  server.add({{"GET", "/audit"}, [&](Request& request) { return find_rows(request, stream_of(request, streams)); }});
}

}  // namespace launcher
