// SPDX-License-Identifier: LGPL-2.1-or-later
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <vector>

#include "plugins/common/crypto/hex.hpp"
#include "plugins/common/crypto/key.hpp"

using namespace steg;

namespace {

std::vector<std::uint8_t> bytes_of(const std::string& text) {
  std::vector<std::uint8_t> bytes(text.size() / 2);
  REQUIRE(from_hex(text, bytes.data(), bytes.size()));
  return bytes;
}

Subkey subkey_from_hex(const std::string& text) {
  Subkey key{};
  const auto bytes = bytes_of(text);
  std::copy(bytes.begin(), bytes.end(), key.begin());
  return key;
}

std::string encrypt(const std::string& key, const std::string& plain) {
  auto data = bytes_of(plain);
  Aes128 aes(subkey_from_hex(key));
  aes.encrypt(data.data(), data.size() / Aes128::kBlockBytes);
  return to_hex(data.data(), data.size());
}

std::string hmac(const std::vector<std::uint8_t>& key, const std::string& message) {
  return to_hex(hmac_sha256(key.data(), key.size(), message));
}

/// A file in a folder of its own, gone with the object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    std::random_device seed;
    folder_ = std::filesystem::temp_directory_path() / ("steg-key-" + std::to_string(seed()));
    std::filesystem::create_directory(folder_);
    std::ofstream(path(), std::ios::binary) << content;
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string path() const { return (folder_ / "key").string(); }
  std::string folder() const { return folder_.string(); }

 private:
  std::filesystem::path folder_;
};

std::string error_of(const std::string& path) {
  try {
    Key::from_file(path);
  } catch (const KeyError& error) {
    return error.what();
  }
  return "";
}

const std::string kHex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

}  // namespace

TEST_CASE("AES-128 gives the published ciphertexts", "[key]") {
  SECTION("FIPS-197, appendix C.1") {
    CHECK(encrypt("000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff") ==
          "69c4e0d86a7b0430d8cdb78070b4c55a");
  }
  SECTION("NIST SP 800-38A, F.1.1: four blocks at once") {
    CHECK(encrypt("2b7e151628aed2a6abf7158809cf4f3c",
                  "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
                  "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710") ==
          "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
          "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4");
  }
}

TEST_CASE("HMAC-SHA256 gives the digests of RFC 4231", "[key]") {
  CHECK(hmac(std::vector<std::uint8_t>(20, 0x0b), "Hi There") ==
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  CHECK(hmac({'J', 'e', 'f', 'e'}, "what do ya want for nothing?") ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  CHECK(hmac(std::vector<std::uint8_t>(131, 0xaa), "Test Using Larger Than Block-Size Key - Hash Key First") ==
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST_CASE("SHA-256 gives the digests of NIST's examples", "[key]") {
  CHECK(to_hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("Hexadecimal digits are written in one way, and read in that or any", "[hex]") {
  const std::vector<std::uint8_t> bytes = {0x00, 0x9a, 0xff};
  CHECK(to_hex(bytes.data(), bytes.size()) == "009aff");
  CHECK(to_hex(0x9A, HexCase::upper) == "9A");
  std::vector<std::uint8_t> read(3);
  CHECK(from_hex("009aff", read.data(), read.size()));
  CHECK(read == bytes);
  CHECK_FALSE(from_hex("009Aff", read.data(), read.size()));
  CHECK(from_any_hex("009aFF", read.data(), read.size()));
  CHECK(read == bytes);
  for (const char* wrong : {"", "009af", "009affa", "009afg", " 009af", "0x9aff"}) {
    CAPTURE(wrong);
    CHECK_FALSE(from_any_hex(wrong, read.data(), read.size()));
  }
}

TEST_CASE("A subkey is the first half of the HMAC of its label", "[key]") {
  const auto key = bytes_of(kHex);
  const Digest digest = hmac_sha256(key.data(), key.size(), "label");
  const Subkey subkey = Key::from_hex(kHex).subkey("label");
  CHECK(std::equal(subkey.begin(), subkey.end(), digest.begin()));
  CHECK(subkey != Key::from_hex(kHex).subkey("other label"));
}

TEST_CASE("A key is 64 hexadecimal digits", "[key]") {
  std::string upper = kHex;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  CHECK(Key::from_hex(upper) == Key::from_hex(kHex));
  CHECK_THROWS_AS(Key::from_hex(""), KeyError);
  CHECK_THROWS_AS(Key::from_hex(kHex.substr(1)), KeyError);
  CHECK_THROWS_AS(Key::from_hex(kHex + "0"), KeyError);
  std::string wrong = kHex;
  for (const char c : {'g', '/', ':', '@', 'G', '`', ' ', '\0', '\xff'}) {
    wrong[40] = c;
    CHECK_THROWS_AS(Key::from_hex(wrong), KeyError);
  }
}

TEST_CASE("Key files", "[key]") {
  SECTION("comments, blank lines, blanks and CR LF are allowed") {
    CHECK(Key::from_file(TemporaryFile(kHex).path()) == Key::from_hex(kHex));
    CHECK(Key::from_file(TemporaryFile("# made today\r\n\r\n  " + kHex + " \r\n#end\r\n").path()) ==
          Key::from_hex(kHex));
  }
  SECTION("each fault has a message that names the file and says what to do") {
    const TemporaryFile good(kHex);
    const std::vector<std::pair<std::string, std::string>> faults = {
        {TemporaryFile("").path(), "No such file"},
        {good.folder() + "/missing", "No such file"},
        {good.folder(), "directory"},
    };
    for (const auto& [path, part] : faults) {
      CAPTURE(path);
      CHECK_THAT(error_of(path), Catch::Contains(path) && Catch::Contains(part) && Catch::Contains("64 hexadecimal"));
    }
    const std::vector<std::pair<std::string, std::string>> contents = {
        {"", "no key"},
        {"# only a comment\n", "no key"},
        {kHex + "\n" + kHex + "\n", "line 2: a second key"},
        {kHex.substr(2), "line 1: the key has 62 characters"},
        {"\n" + kHex.substr(2) + "zz\n", "line 2: the key holds characters other than"},
        {kHex + " " + kHex, "line 1: the key has 129 characters"},
        {std::string(100000, 'a'), "no key file"},
    };
    for (const auto& [content, part] : contents) {
      const TemporaryFile file(content);
      CAPTURE(content.substr(0, 200));
      CHECK_THAT(error_of(file.path()), Catch::Contains(file.path()) && Catch::Contains(part));
    }
  }
  SECTION("an endless file is given up") { CHECK_THAT(error_of("/dev/zero"), Catch::Contains("no key file")); }
  SECTION("no message repeats what is in the file") {
    const TemporaryFile file(kHex.substr(0, 62) + "zz");
    CHECK_THAT(error_of(file.path()), !Catch::Contains(kHex.substr(0, 8)));
  }
}

TEST_CASE("The fingerprint tells keys apart", "[key]") {
  const std::string fingerprint = Key::from_hex(kHex).fingerprint();
  CHECK(fingerprint.size() == 16);
  CHECK(fingerprint.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(fingerprint != Key::public_default().fingerprint());
  CHECK(kHex.find(fingerprint) == std::string::npos);
  CHECK(Key::public_default().is_public_default());
  CHECK_FALSE(Key::from_hex(kHex).is_public_default());
}
