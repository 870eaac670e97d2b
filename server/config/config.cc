// SPDX-License-Identifier: Apache-2.0
#include "server/config/config.h"

#include <iostream>
#include <iterator>
#include <set>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/control/session.h"

namespace scamper::config {
namespace {

constexpr char kDefaultListen[] = "localhost:50151";

// Takes "NAME=" off the front, if it is there.
std::string TakeName(absl::string_view* text) {
  const size_t equals = text->find('=');
  if (equals == absl::string_view::npos || equals == 0) return "";
  absl::string_view name = text->substr(0, equals);
  if (name.find('/') != absl::string_view::npos) return "";
  text->remove_prefix(equals + 1);
  return std::string(name);
}

absl::Status Bad(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("'", text, "': ", why));
}

// Host and port, brackets taken off. Returns false when it is neither.
bool SplitHostPort(absl::string_view text, std::string* host, int* port) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return false;
  absl::string_view h = text.substr(0, colon);
  if (!absl::SimpleAtoi(text.substr(colon + 1), port) || *port < 0 || *port > 65535) return false;
  if (absl::ConsumePrefix(&h, "[")) {
    if (!absl::ConsumeSuffix(&h, "]")) return false;
  } else if (h.find(':') != absl::string_view::npos) {
    return false;
  }
  *host = std::string(h);
  return true;
}

// What reaches daemons, in the order of the help.
struct InstanceFlag {
  const char* flag;
  const char* environment;
  const char* scheme;
  const char* takes;
  const char* help;
};
constexpr InstanceFlag kInstanceFlags[] = {
    {"--unix", "SCAMPER_GRPC_UNIX", "unix:", "[NAME=]PATH",
     "scamper daemon on a unix socket (scamper -U)"},
    {"--inet", "SCAMPER_GRPC_INET", "inet:", "[NAME=]HOST:PORT",
     "scamper daemon on a TCP port (scamper -P)"},
    {"--remote", "SCAMPER_GRPC_REMOTE", "remote:", "[NAME=]PATH",
     "sc_remoted's socket of one vantage point"},
    {"--remote_dir", "SCAMPER_GRPC_REMOTE_DIR", "remote_dir:", "[NAME=]PATH",
     "Directory of such sockets (sc_remoted -U), watched: vantage points appear and go"},
    {"--mux", "SCAMPER_GRPC_MUX", "mux:", "[NAME=]PATH or [NAME=]HOST:PORT",
     "sc_remoted's socket for all its vantage points (sc_remoted -M)"},
};
using InstanceTexts = std::vector<std::string>[std::size(kInstanceFlags)];

absl::Status CheckInstances(const ServerConfig& config) {
  std::set<std::string> names;
  for (const InstanceConfig& instance : config.instances) {
    if (!names.insert(instance.name).second) {
      return absl::InvalidArgumentError(
          absl::StrCat("two instances are named '", instance.name, "'"));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadVersions(const std::vector<std::string>& texts, ServerConfig* config) {
  for (const std::string& text : texts) {
    const size_t equals = text.rfind('=');
    if (equals == std::string::npos || equals == 0) {
      return Bad(text, "--version_of takes NAME=VERSION");
    }
    const std::string version = text.substr(equals + 1);
    if (control::VersionDate(version) == 0) {
      return Bad(text, "--version_of takes a version of scamper, e.g. 20230614 or 20211212b");
    }
    config->versions[text.substr(0, equals)] = version;
  }
  return absl::OkStatus();
}

absl::Status CheckListen(const ServerConfig& config) {
  for (const std::string& listen : config.listen) {
    if (!absl::StartsWith(listen, "unix:")) {
      std::string host;
      int port;
      if (!SplitHostPort(listen, &host, &port) || host.empty()) {
        return Bad(listen, "--listen takes HOST:PORT, [ADDRESS]:PORT or unix:PATH");
      }
    }
    if (!IsLocal(listen) && !config.insecure) {
      return Bad(
          listen,
          "others than this host could reach it in plain text; add --insecure to allow that");
    }
  }
  return absl::OkStatus();
}

absl::Status Complete(const InstanceTexts& instances, const std::vector<std::string>& versions,
                      ServerConfig* config) {
  for (size_t i = 0; i < std::size(kInstanceFlags); ++i) {
    for (const std::string& text : instances[i]) {
      absl::StatusOr<InstanceConfig> instance = ParseInstance(kInstanceFlags[i].scheme, text);
      if (!instance.ok()) {
        return Bad(text, absl::StrCat(kInstanceFlags[i].flag, " takes ", kInstanceFlags[i].takes,
                                      ": ", instance.status().message()));
      }
      config->instances.push_back(*std::move(instance));
    }
  }
  if (absl::Status status = ReadVersions(versions, config); !status.ok()) return status;
  if (config->listen.empty()) config->listen.push_back(kDefaultListen);
  if (absl::Status status = CheckInstances(*config); !status.ok()) return status;
  return CheckListen(*config);
}

void AddInstanceOptions(CLI::App& app, InstanceTexts& instances,
                        std::vector<std::string>& versions) {
  for (size_t i = 0; i < std::size(kInstanceFlags); ++i) {
    const InstanceFlag& flag = kInstanceFlags[i];
    app.add_option(flag.flag, instances[i],
                   absl::StrCat(flag.help, ": ", flag.takes, " (repeatable)"))
        ->envname(flag.environment);
  }
  app.add_option("--version_of", versions,
                 "scamper's version behind --remote, --remote_dir or --mux, where it cannot be "
                 "asked: NAME=VERSION, e.g. vp1=20230614; NAME is of an instance, or of a source "
                 "for all its vantage points (repeatable). Without it commands are made for the "
                 "newest version, or for what the daemon's answers tell")
      ->envname("SCAMPER_GRPC_VERSION_OF");
}

void AddFilesOptions(CLI::App& app, ServerConfig& config) {
  CLI::Option* data_dir =
      app.add_option("--data_dir", config.data_dir,
                     "Folder of the files that the server keeps (default: it keeps none)")
          ->envname("SCAMPER_GRPC_DATA_DIR");
  app.add_option("--data_dir_max_bytes", config.data_dir_max_bytes,
                 "Bytes that the files of --data_dir may have in all; 0: no limit")
      ->needs(data_dir)
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_DATA_DIR_MAX_BYTES");
  app.add_option("--session_disk_bytes", config.session_disk_bytes,
                 "Bytes of results of one session, or run with a request_id, that may wait in "
                 "--data_dir for a client that is slow or away; above it no more is measured")
      ->needs(data_dir)
      ->check(CLI::PositiveNumber)
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_SESSION_DISK_BYTES");
  app.add_option("--file_calls", config.file_calls,
                 "Conversions and other calls on files at a time, 1-1000")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_FILE_CALLS");
}

void AddPolicyOptions(CLI::App& app, ServerConfig& config) {
  app.add_option("--do_not_probe", config.do_not_probe,
                 "File of prefixes that are not probed, one a line, '#' begins a comment; read "
                 "again when it changes (repeatable)")
      ->envname("SCAMPER_GRPC_DO_NOT_PROBE");
  app.add_option("--allow_measurements", config.allow_measurements,
                 "Measurements that are done: names of their calls in lower case, separated by "
                 "commas (default: all)")
      ->delimiter(',')
      ->envname("SCAMPER_GRPC_ALLOW_MEASUREMENTS");
  app.add_flag("--allow_spoofing", config.allow_spoofing,
               "Do measurements whose packets bear a source address that is not the host's")
      ->envname("SCAMPER_GRPC_ALLOW_SPOOFING");
}

// "nan" passes CLI11's own checks of ranges.
std::string NotARate(const std::string& text) {
  double rate = 0;
  const bool valid = absl::SimpleAtod(text, &rate) && rate >= 0 && rate <= 1e9;
  return valid ? "" : absl::StrCat("'", text, "' is no number within 0 - 1000000000");
}

// A client is an identity that it proved, else an address, or all on unix sockets.
void AddLimitOptions(CLI::App& app, ServerConfig& config) {
  app.add_option("--client_max_tasks", config.client_max_tasks,
                 "Tasks of one client out at scamper at a time; 0: no limit")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_CLIENT_MAX_TASKS");
  app.add_option("--client_tasks_per_second", config.client_tasks_per_second,
                 "Tasks of one client that are begun in a second; 0: no limit")
      ->check(NotARate, "RATE")
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_CLIENT_TASKS_PER_SECOND");
  app.add_option("--client_probes_per_second", config.client_probes_per_second,
                 "Packets, as estimated, of one client's tasks that are begun in a second; 0: no "
                 "limit")
      ->check(NotARate, "RATE")
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_CLIENT_PROBES_PER_SECOND");
}

}  // namespace

absl::StatusOr<InstanceConfig> ParseInstance(absl::string_view scheme, absl::string_view text) {
  InstanceConfig instance;
  instance.name = TakeName(&text);
  absl::StatusOr<control::Endpoint> endpoint = control::ParseEndpoint(absl::StrCat(scheme, text));
  if (!endpoint.ok()) return endpoint.status();
  instance.endpoint = *std::move(endpoint);
  if (instance.name.empty()) instance.name = control::DefaultName(instance.endpoint);
  return instance;
}

bool IsLocal(absl::string_view listen) {
  if (absl::StartsWith(listen, "unix:")) return true;
  std::string host;
  int port;
  if (!SplitHostPort(listen, &host, &port)) return false;
  return host == "localhost" || host == "::1" || absl::StartsWith(host, "127.");
}

ParsedConfig ParseCommandLine(int argc, char** argv) {
  ParsedConfig parsed;
  ServerConfig& config = parsed.config;
  InstanceTexts instances;
  std::vector<std::string> versions;
  CLI::App app("Brokers measurements to scamper daemons, over gRPC.", "scamper-grpc-server");
  app.set_version_flag("--version", SCAMPER_GRPC_VERSION);
  app.add_option(
         "--listen", config.listen,
         "Address to listen on: HOST:PORT, [ADDRESS]:PORT or unix:PATH (repeatable; default "
         "localhost:50151)")
      ->envname("SCAMPER_GRPC_LISTEN");
  AddInstanceOptions(app, instances, versions);
  app.add_flag("--insecure", config.insecure, "Allow plain text beyond this host")
      ->envname("SCAMPER_GRPC_INSECURE");
  app.add_flag("--allow_attach", config.allow_attach,
               "Allow clients to attach and detach instances (default: nobody)")
      ->envname("SCAMPER_GRPC_ALLOW_ATTACH");
  app.add_flag("--reflection,!--no-reflection", config.reflection,
               "Offer gRPC reflection (default on)");
  app.add_option("--window", config.window, "Tasks out at one instance, 1-1000000")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_WINDOW");
  app.add_option("--queue_window", config.queue_window,
                 "Tasks that wait in one scamper to be started, 1-100000")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_QUEUE_WINDOW");
  app.add_option(
         "--session_grace", config.session_grace,
         "Seconds that a session, or a run with a request_id, is kept without a connection, "
         "0-86400")
      ->check(CLI::Range(0, 86400))
      ->capture_default_str()
      ->envname("SCAMPER_GRPC_SESSION_GRACE");
  AddFilesOptions(app, config);
  AddPolicyOptions(app, config);
  AddLimitOptions(app, config);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    parsed.exit_code = app.exit(e) == 0 ? 0 : 2;
    return parsed;
  }
  if (absl::Status status = Complete(instances, versions, &config); !status.ok()) {
    std::cerr << "scamper-grpc-server: " << status.message() << "\n";
    parsed.exit_code = 2;
  }
  return parsed;
}

}  // namespace scamper::config
