// SPDX-License-Identifier: Apache-2.0
#include "server/control/endpoint.h"

#include <sys/un.h>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace scamper::control {
namespace {

using Kind = Endpoint::Kind;

constexpr size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;

struct Scheme {
  absl::string_view prefix;
  Kind kind;
};
constexpr Scheme kSchemes[] = {
    {"unix:", Kind::kUnix},     {"inet:", Kind::kInet},
    {"remote:", Kind::kRemote}, {"remote_dir:", Kind::kRemoteDir},
    {"mux:", Kind::kMux},
};

absl::Status Malformed(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("endpoint '", text, "': ", why));
}

absl::StatusOr<Endpoint> ParsePath(absl::string_view text, absl::string_view rest,
                                   Endpoint endpoint) {
  if (rest.empty() || rest.find('\0') != absl::string_view::npos) {
    return Malformed(text, absl::StrCat("expected a path behind '",
                                        text.substr(0, text.size() - rest.size()), "'"));
  }
  if (endpoint.kind != Kind::kRemoteDir && rest.size() > kMaxPath) {
    return Malformed(text, absl::StrCat("a socket path has at most ", kMaxPath, " bytes"));
  }
  endpoint.path = std::string(rest);
  return endpoint;
}

absl::StatusOr<Endpoint> ParseHostPort(absl::string_view text, absl::string_view rest,
                                       Endpoint endpoint) {
  const size_t colon = rest.rfind(':');
  uint32_t port = 0;
  if (colon == absl::string_view::npos || !absl::SimpleAtoi(rest.substr(colon + 1), &port) ||
      port == 0 || port > 65535) {
    return Malformed(text, "expected a port from 1 to 65535 behind the last colon");
  }
  absl::string_view host = rest.substr(0, colon);
  const bool bracketed = absl::ConsumePrefix(&host, "[") && absl::ConsumeSuffix(&host, "]");
  if (host.empty() || host.find_first_of("[] ") != absl::string_view::npos) {
    return Malformed(text, "expected a host in front of the port");
  }
  if (!bracketed && host.find(':') != absl::string_view::npos) {
    return Malformed(text, "an IPv6 address is written in brackets");
  }
  endpoint.host = std::string(host);
  endpoint.port = static_cast<uint16_t>(port);
  return endpoint;
}

}  // namespace

absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text) {
  for (const Scheme& scheme : kSchemes) {
    absl::string_view rest = text;
    if (!absl::ConsumePrefix(&rest, scheme.prefix)) continue;
    Endpoint endpoint;
    endpoint.kind = scheme.kind;
    const bool tcp =
        scheme.kind == Kind::kInet || (scheme.kind == Kind::kMux && absl::StrContains(rest, ':') &&
                                       !absl::StrContains(rest, '/'));
    return tcp ? ParseHostPort(text, rest, endpoint) : ParsePath(text, rest, endpoint);
  }
  return Malformed(text,
                   "expected unix:PATH, inet:HOST:PORT, remote:PATH, remote_dir:PATH, mux:PATH or "
                   "mux:HOST:PORT");
}

std::string FormatEndpoint(const Endpoint& endpoint) {
  absl::string_view prefix;
  for (const Scheme& scheme : kSchemes) {
    if (scheme.kind == endpoint.kind) prefix = scheme.prefix;
  }
  if (!endpoint.path.empty()) return absl::StrCat(prefix, endpoint.path);
  const bool v6 = absl::StrContains(endpoint.host, ':');
  return absl::StrCat(prefix, v6 ? "[" : "", endpoint.host, v6 ? "]:" : ":", endpoint.port);
}

bool IsSource(const Endpoint& endpoint) {
  return endpoint.kind == Kind::kRemoteDir || endpoint.kind == Kind::kMux;
}

std::string DefaultName(const Endpoint& endpoint) {
  std::string name = FormatEndpoint(endpoint);
  return IsSource(endpoint) ? name : name.substr(name.find(':') + 1);
}

}  // namespace scamper::control
