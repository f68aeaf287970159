// The hash chain against values computed with Python's hmac and hashlib.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "chain.hpp"
#include "support.hpp"

using audit::EventKind;

TEST_CASE("HMAC-SHA256 as in RFC 4231, test case 2 with the key padded by zeros", "[chain]") {
  audit::Secret secret{'J', 'e', 'f', 'e'};
  CHECK(audit::hmac_hex(secret, "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("different rows have different canonical texts", "[chain]") {
  CHECK(audit::canonical({"ab", std::nullopt, ""}) == "2:ab,-,0:,");
  CHECK(audit::canonical({"a", "b"}) != audit::canonical({"ab"}));
  CHECK(audit::canonical({"1:a,"}) != audit::canonical({"a"}));
  CHECK(audit::canonical({std::nullopt}) != audit::canonical({"-"}));
}

TEST_CASE("each row is hashed with the hash of the one before", "[chain]") {
  audit::Head head;
  const audit::Row first = audit::chain(test::event(3, EventKind::close), test::key(), head);
  CHECK(first[audit::kSeq] == "1");
  CHECK(first[audit::kPreviousHash] == "");
  CHECK(first[audit::kHash] == "6d98dbb5b46dde1aed426ad8f966ddb6ccfe2cce3edacdeb3f4c9ae595e3beeb");
  CHECK(head == audit::Head{1, *first[audit::kHash]});
  const audit::Row second = audit::chain(test::event(4), test::key(), head);
  CHECK(second[audit::kPreviousHash] == first[audit::kHash]);
  CHECK(second[audit::kLastPts] == std::nullopt);
  CHECK(second[audit::kHash] == "46cc6fa65250c00d139da742ed46369189f033fdcc16211fb328a792ad7811de");
  CHECK(audit::row_hash(test::key(2).chain, second) != second[audit::kHash]);
}

TEST_CASE("every column counts", "[chain]") {
  audit::Head head;
  const audit::Row row = audit::chain(test::event(3, EventKind::close), test::key(), head);
  for (std::size_t i = 0; i < audit::kHash; ++i) {
    audit::Row altered = row;
    altered[i] = altered[i].value_or("") + "0";
    CHECK(audit::row_hash(test::key().chain, altered) != row[audit::kHash]);
    altered[i] = std::nullopt;
    CHECK(audit::row_hash(test::key().chain, altered) != row[audit::kHash]);
  }
}
