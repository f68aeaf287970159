// Certificates for a server on 127.0.0.1, made with openssl.
// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdlib>
#include <stdexcept>
#include <string>

#include "support.hpp"

namespace test {

class Certificates {
 public:
  Certificates() {
    run("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -subj /CN=ca "
        "-days 30");
    run("touch index && echo 01 > serial && mkdir new");
    write_file(
        folder_ / "ca.conf",
        "[ca]\ndefault_ca = c\n[c]\ndatabase = index\nserial = serial\nnew_certs_dir = new\ndefault_md = sha256\n"
        "policy = p\ncopy_extensions = copy\nunique_subject = no\n[p]\ncommonName = supplied\n");
    make("good", "IP:127.0.0.1", "");
    make("other", "DNS:elsewhere.example", "");
    make("expired", "IP:127.0.0.1", "-startdate 20200101000000Z -enddate 20200201000000Z");
  }
  std::string ca() const { return folder_ / "ca.pem"; }
  std::string certificate(const std::string& name) const { return folder_ / (name + ".pem"); }
  std::string key(const std::string& name) const { return folder_ / (name + ".key"); }

 private:
  void make(const std::string& name, const std::string& host, const std::string& dates) const {
    run("openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout " + name + ".key -out " + name +
        ".csr -subj /CN=" + name + " -addext subjectAltName=" + host);
    run("openssl ca -batch -config ca.conf -cert ca.pem -keyfile ca.key -in " + name + ".csr -out " + name +
        ".pem -notext " + (dates.empty() ? "-days 30" : dates));
  }
  void run(const std::string& command) const {
    if (std::system(("cd " + (folder_ / ".") + " && (" + command + ") >>log 2>&1").c_str()) != 0)
      throw std::runtime_error(command + ": " + read_file(folder_ / "log"));
  }

  Folder folder_;
};

}  // namespace test
