// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <string>

#include "launcher/http/request_head.hpp"

namespace {

bool passes(const std::string& text) {
  launcher::RequestHead whole;
  const bool passed = whole.take(text.data(), text.size());
  launcher::RequestHead bytes;
  bool passed_in_bytes = true;
  for (const char& c : text) passed_in_bytes = passed_in_bytes && bytes.take(&c, 1);
  CHECK(passed == passed_in_bytes);
  return passed;
}

std::string with(const std::string& fields) { return "GET /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n\r\n"; }

}  // namespace

TEST_CASE("a request says plainly how long its body is", "[http]") {
  CHECK(passes(with("X: y")));
  CHECK(passes("\r\n" + with("Content-Length: 17")));
  CHECK(passes(with("content-length:0 ") + "Transfer-Encoding: foo\r\n\r\n" + std::string(100000, '\0')));
  CHECK(passes(with("Transfer-Encoding: Chunked")));
  for (const char* fields :
       {"Transfer-Encoding: foo", "Transfer-Encoding: chunked, chunked", "TRANSFER-ENCODING :\tidentity",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "Content-Length: x", "Content-Length: -1",
        "Content-Length:", "Content-Length: 1, 1", "Content-Length: 1\r\nContent-Length: 1",
        "Content-Length: 99999999999999999999", "Content-Length: 1\nTransfer-Encoding: chunked", "X: y\r\n folded"}) {
    INFO(fields);
    CHECK_FALSE(passes(with(fields)));
  }
}

TEST_CASE("the head of a request is no longer than a request may be", "[http]") {
  CHECK(passes("GET /" + std::string(60000, 'A') + " HTTP/1.1\r\n\r\n"));
  CHECK_FALSE(passes("GET /" + std::string(70000, 'A')));
  CHECK_FALSE(passes(std::string("GET /\0 HTTP/1.1", 15)));
}
