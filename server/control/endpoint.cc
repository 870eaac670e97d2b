// SPDX-License-Identifier: Apache-2.0
#include "server/control/endpoint.h"

#include <sys/un.h>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace scamper::control {
namespace {

constexpr size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;

absl::Status Malformed(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("endpoint '", text, "': ", why));
}

}  // namespace

absl::StatusOr<Endpoint> ParseEndpoint(absl::string_view text) {
  Endpoint endpoint;
  absl::string_view rest = text;
  if (absl::ConsumePrefix(&rest, "unix:")) {
    if (rest.empty() || rest.find('\0') != absl::string_view::npos) {
      return Malformed(text, "expected a path behind 'unix:'");
    }
    if (rest.size() > kMaxPath) {
      return Malformed(text, absl::StrCat("a socket path has at most ", kMaxPath, " bytes"));
    }
    endpoint.path = std::string(rest);
    return endpoint;
  }
  if (!absl::ConsumePrefix(&rest, "inet:")) {
    return Malformed(text, "expected unix:PATH or inet:HOST:PORT");
  }
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

std::string FormatEndpoint(const Endpoint& endpoint) {
  if (endpoint.is_unix()) return absl::StrCat("unix:", endpoint.path);
  const bool v6 = endpoint.host.find(':') != std::string::npos;
  return absl::StrCat("inet:", v6 ? "[" : "", endpoint.host, v6 ? "]:" : ":", endpoint.port);
}

}  // namespace scamper::control
