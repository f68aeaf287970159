// Measures the audit log: what a frame costs the streaming thread, and how many records one writer gets into SQLite and
// PostgreSQL, beside psql's COPY of the same rows, and how many are verified. A table, and JSON.
// POSTGRES_SCRIPT names tests/postgres/postgres.sh; psql must be there.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "burst.hpp"
#include "frame_cost.hpp"
#include "launcher/base/command_line.hpp"
#include "postgres_server.hpp"
#include "support.hpp"

namespace {

struct Results {
  std::vector<bench::FrameCost> frames;
  std::vector<bench::Rate> rates;
  std::vector<bench::Sustained> sustained;
};

void print(const bench::FrameCost& cost) {
  std::printf("| %-44s | %8.2f | %8.2f | %8.2f | %8.1f | %.2f%% |\n", cost.what.c_str(), cost.cpu_us, cost.mean_us,
              cost.p999_us, cost.max_us, 100 * cost.over_1ms);
  std::fflush(stdout);
}

void print(const bench::Rate& rate) {
  std::printf("| %-44s | %7.1f s | %8.0f records/s |\n", rate.what.c_str(), rate.seconds, rate.records_per_second);
  std::fflush(stdout);
}

void print(const bench::Sustained& sustained) {
  std::printf("| %-44s | %d s | at most %zu events behind, %zu at the end |\n", sustained.what.c_str(),
              sustained.seconds, sustained.most_waiting, sustained.last_waiting);
  std::fflush(stdout);
}

/// Seconds that a shell command takes.
double timed(const std::string& command) {
  const auto start = std::chrono::steady_clock::now();
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// psql's COPY of the rows that the burst has written, into a table of the same kind, and into one without indexes.
void copy_again(const std::string& uri, const std::string& file, std::int64_t records, Results& results) {
  const std::string psql = "psql -X -q -v ON_ERROR_STOP=1 '" + uri + "' ";
  timed(psql + "-c \"\\copy (SELECT * FROM steg_audit_event) TO '" + file + "'\"");
  const std::vector<std::pair<std::string, std::string>> kinds{
      {"psql COPY, the same table with its indexes", "INCLUDING ALL"}, {"psql COPY, a table without indexes", ""}};
  for (const auto& [what, including] : kinds) {
    timed(psql + "-c 'DROP TABLE IF EXISTS again' -c 'CREATE TABLE again (LIKE steg_audit_event " + including + ")'");
    const double seconds = timed(psql + "-c \"\\copy again FROM '" + file + "'\"");
    results.rates.push_back({what, seconds, static_cast<double>(records) / seconds});
    print(results.rates.back());
  }
}

void write_json(const std::string& path, const Results& results) {
  std::ofstream file(path);
  const char* separator = "\n";
  file << "{\"frames\": [";
  for (const bench::FrameCost& cost : results.frames) {
    file << separator << "  {\"what\": \"" << cost.what << "\", \"cpu_us\": " << cost.cpu_us
         << ", \"mean_us\": " << cost.mean_us << ", \"p999_us\": " << cost.p999_us << ", \"max_us\": " << cost.max_us
         << "}";
    separator = ",\n";
  }
  file << "\n], \"rates\": [";
  separator = "\n";
  for (const bench::Rate& rate : results.rates) {
    file << separator << "  {\"what\": \"" << rate.what << "\", \"seconds\": " << rate.seconds
         << ", \"records_per_second\": " << rate.records_per_second << "}";
    separator = ",\n";
  }
  file << "\n], \"sustained\": [";
  separator = "\n";
  for (const bench::Sustained& item : results.sustained) {
    file << separator << "  {\"what\": \"" << item.what << "\", \"seconds\": " << item.seconds
         << ", \"most_waiting\": " << item.most_waiting << ", \"last_waiting\": " << item.last_waiting << "}";
    separator = ",\n";
  }
  file << "\n]}\n";
  file.close();
  if (!file) throw std::runtime_error("cannot write " + path);
}

void run(int argc, char** argv) {
  std::int64_t records = 1000000;
  int streams = 1000;
  int seconds = 30;
  std::string json;
  launcher::CommandLine line(nullptr, nullptr, nullptr);
  line.number(0, "records", records, "of a burst; default 1000000; 0: frames alone are timed", "N");
  line.number(0, "streams", streams, "default 1000", "N");
  line.number(0, "seconds", seconds, "of new IDs in each stream; default 30", "N");
  line.path(0, "json", json, "write the results", "FILE");
  line.parse(argc, argv);
  const test::Folder folder;
  test::PostgresServer server;
  const std::string sqlite = "sqlite:" + (folder / "audit.db");
  Results results;

  std::printf("| %-44s | CPU µs | mean µs | 99.9%% µs | most µs | over 1 ms |\n|---|---|---|---|---|---|\n", "a frame");
  const auto frames = [&](const std::string& what, const std::string& database, int per_id) {
    results.frames.push_back(bench::measure_frames(
        what, database, folder / ("frames" + std::to_string(results.frames.size())), 10000, per_id));
    print(results.frames.back());
  };
  frames("SQLite, another ID every 1,000 frames", "sqlite:" + (folder / "frames.db"), 1000);
  frames("PostgreSQL, another ID every 1,000 frames", server.uri(), 1000);
  frames("PostgreSQL, another ID every 10 frames", server.uri(), 10);
  frames("no server, another ID every 10 frames", "postgresql://app@127.0.0.1:1/none", 10);

  if (records == 0) return;
  std::printf("\n| %-44s | time | rate |\n|---|---|---|\n", "a burst");
  const auto burst = [&](const std::string& what, const std::string& database) {
    results.rates.push_back(bench::write_burst(what, database, folder / what, records, streams));
    print(results.rates.back());
  };
  burst("SQLite", sqlite);
  burst("PostgreSQL", server.uri());
  const auto verify = [&](const std::string& what, const std::string& database) {
    results.rates.push_back(bench::verify(what, database));
    print(results.rates.back());
  };
  verify("SQLite, verified", sqlite);
  verify("PostgreSQL, verified", server.uri());
  copy_again(server.uri(), folder / "rows", records, results);

  std::printf("\n| %-44s | time | behind |\n|---|---|---|\n", (std::to_string(streams) + " new IDs a second").c_str());
  const auto steady = [&](const std::string& what, const std::string& database) {
    results.sustained.push_back(bench::write_steadily(what, database, folder / (what + ".steady"), streams, seconds));
    print(results.sustained.back());
  };
  steady("SQLite", sqlite);
  steady("PostgreSQL", server.uri());
  if (!json.empty()) write_json(json, results);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc, argv);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench-audit: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
