// The hash chain against values computed with Python's hmac and hashlib.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>

#include "chain.hpp"
#include "support.hpp"

using audit::EventKind;

namespace {

constexpr char kSalt[] = "000102030405060708090a0b0c0d0e0f";

}  // namespace

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
  const audit::Row first = audit::chain(audit::to_row(test::event(3, EventKind::close)), kSalt, test::key(), head);
  CHECK(first[audit::kSeq] == "1");
  CHECK(first[audit::kPreviousHash] == "");
  CHECK(first[audit::kClientIpProof] == "a9d8f8582125fd4d34ab42a038e56acbbfdc955c8a061e5b98f668799808bc3e");
  CHECK(first[audit::kHash] == "c5415b712a814272489f9948e53ada264d7f241f7500b966d125d5ad9b584c0e");
  CHECK(head == audit::Head{1, *first[audit::kHash]});
  const audit::Row second = audit::chain(audit::to_row(test::event(4)), kSalt, test::key(), head);
  CHECK(second[audit::kPreviousHash] == first[audit::kHash]);
  CHECK(second[audit::kLastPts] == std::nullopt);
  CHECK(second[audit::kHash] == "fe6d78c6681a547018b9f0c13ea72a7920cb547081f9bfab9c8538a442db3d78");
  CHECK(audit::row_hash(test::key(2).chain, second) != second[audit::kHash]);
}

TEST_CASE("rows of schema version 1, without a proof of the address, are hashed as they were then", "[chain]") {
  audit::Head head;
  audit::Row row = audit::chain(audit::to_row(test::event(3, EventKind::close)), kSalt, test::key(), head);
  row[audit::kClientIpSalt] = row[audit::kClientIpProof] = std::nullopt;
  CHECK(audit::row_hash(test::key().chain, row) == "6d98dbb5b46dde1aed426ad8f966ddb6ccfe2cce3edacdeb3f4c9ae595e3beeb");
  row[audit::kClientIp] = "192.0.2.8";
  CHECK(audit::row_hash(test::key().chain, row) != "6d98dbb5b46dde1aed426ad8f966ddb6ccfe2cce3edacdeb3f4c9ae595e3beeb");
}

TEST_CASE("every column counts but the address, for which its proof stands", "[chain]") {
  audit::Head head;
  const audit::Row row = audit::chain(audit::to_row(test::event(3, EventKind::close)), kSalt, test::key(), head);
  for (std::size_t i = 0; i < audit::kHash; ++i) {
    INFO(audit::kColumnNames[i]);
    const bool hashed = i != audit::kClientIp && i != audit::kClientIpSalt;
    audit::Row altered = row;
    altered[i] = altered[i].value_or("") + "0";
    CHECK((audit::row_hash(test::key().chain, altered) != row[audit::kHash]) == hashed);
    altered[i] = std::nullopt;
    CHECK((audit::row_hash(test::key().chain, altered) != row[audit::kHash]) == (hashed && row[i]));
  }
  CHECK(audit::client_ip_proof(kSalt, "192.0.2.7") == row[audit::kClientIpProof]);
  CHECK(audit::client_ip_proof(kSalt, "192.0.2.8") != row[audit::kClientIpProof]);
  CHECK_THROWS_AS(audit::client_ip_proof("salt", "192.0.2.7"), audit::AuditError);
}

TEST_CASE("a row about removed rows names the last of them", "[chain]") {
  audit::Head head{7, "seven"};
  const audit::Row row = audit::chain(audit::Tombstone{audit::kPurge,
                                                       "live",
                                                       "s",
                                                       "2026-11-22T11:30Z",
                                                       "2026-11-22T00:00Z",
                                                       "2026-11-22T11:30:00.000000Z",
                                                       {5, "five"}},
                                      kSalt, test::key(), head);
  CHECK(row[audit::kEvent] == "purge");
  CHECK(row[audit::kThroughSeq] == "5");
  CHECK(row[audit::kThroughHash] == "five");
  CHECK(row[audit::kSeq] == "8");
  CHECK(head == audit::Head{8, *row[audit::kHash]});
}
