// Pipeline files, with values of --set.
// SPDX-License-Identifier: LGPL-2.1-or-later
#include "fuzz.hpp"
#include "launcher/base/config_error.hpp"
#include "launcher/config/encoder_parts.hpp"
#include "launcher/config/key_file.hpp"
#include "launcher/config/launch_config.hpp"
#include "temporary_folder.hpp"

namespace {

void read(const std::string& path, const std::string& input) {
  try {
    launcher::Groups groups = launcher::read_pipeline_groups(path);
    // The rest of the file from a line of '=' on, as a value from outside.
    const std::size_t set = input.find("\n#set=");
    launcher::Variables overrides;
    if (set != std::string::npos) overrides["x"] = input.substr(set + 6);
    launcher::put_in_encoder(groups, overrides, [](const std::string& name) { return name != "away"; });
    const launcher::LaunchConfig config = launcher::read_config(groups, overrides, "file");
    fuzz::require(!config.streams.empty(), "there is a stream");
    launcher::check_server(config.server);
  } catch (const launcher::ConfigError& error) {
    fuzz::require(*error.what() != '\0', "an error says what is wrong");
  }
}

}  // namespace

fuzz::Target fuzz::pipeline_file() {
  return {"pipeline_file",
          {"[pipeline]\ndescription=videotestsrc pattern=${x} ! \\\n  fakesink\n[variables]\nx=1\n#set=a b\"c\n",
           "[pipeline]\ndescription=a name=enc ! tee name=t\nrecipient=t. ! b name=mux-${recipient} "
           "x=${x}\noptional=sound;more\n"
           "optional-wait=2.5\n[variables]\nx=1\n[recipient alice]\nx=2\n[recipient "
           "bob]\n[control]\nlisten=[::1]:0\nid=mark.id\n"
           "properties=mark.strength;enc.bitrate\nproxies=127.0.0.1; 10.0.0.0/8\nclient-ip-from=publisher\n",
           "[pipeline]\ndescription=a ! ${encoder}\n[variables]\nencoder=away;b\nx=1\n"
           "[encoder away]\npart=c x=${x}\n[encoder b]\npart=b\nneeds=a card\n",
           "[pipeline]\ndescription=a\n[stream one]\n[stream "
           "two]\n[playback]\nflv=mux\noutput=${x}\nhls=http://h/${x}\n[variables]\nx=\n"
           "[restart]\non-eos=restart\ninitial-delay=0.5\nidle-timeout=${x}\n[rate]\nencoder=enc\nkey-interval=1\n["
           "rtsp]\n"},
          {"[", "]", "\n", "\\\n", "\\\r\n", "=", ";", "${x}", "${", "$${", "}", "[stream ", "[recipient ", "[encoder ",
           "${encoder}", "base=", "description=", "\""},
          20000,
          [folder = std::make_shared<TemporaryFolder>()](const std::string& input) {
            read(folder->write("file.pipeline", input), input);
          }};
}
