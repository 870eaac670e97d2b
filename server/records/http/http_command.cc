// SPDX-License-Identifier: Apache-2.0
#include "server/records/http/http_command.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/records/command_options.h"
#include "server/records/http/http_url.h"

namespace scamper::records {
namespace {

using P = v1::HttpParameters;
using Violations = std::vector<FieldViolation>;

// Daemons that know the command know escapes in quotes.
static_assert(kHttpSince >= kUnitsAndEscapesSince);

constexpr int kMaxHeaders = 255;

void CheckUrl(const Parameters& p, const Option& option, Violations* out) {
  const std::string& url = static_cast<const P&>(p.message).url();
  if (ParseUrl(url).has_value()) return;
  out->push_back({FieldPath(p, option.field), absl::StrCat(kUrlForm, ", is ", ShowText(url))});
}

absl::Status AppendUrl(const Parameters& p, const Option& option, int version,
                       std::string* command) {
  return kText.append(p, option, version, command);
}

constexpr OptionKind kUrl = {CheckUrl, AppendUrl};

// What is wrong with the header; empty where nothing is.
std::string WrongHeaderName(const std::string& name) {
  const bool valid = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c <= '~' && c != ':';
  });
  if (!valid) {
    return absl::StrCat("must be printable ASCII without space and colon, is ", ShowText(name));
  }
  return absl::EqualsIgnoreCase(name, "Host") ? "must not be Host, which the url tells" : "";
}

void CheckHeaders(const Parameters& p, const Option& option, Violations* out) {
  const auto& headers = static_cast<const P&>(p.message).headers();
  const std::string path = FieldPath(p, option.field);
  if (headers.size() > kMaxHeaders) {
    out->push_back(
        {path, absl::StrCat("must be at most ", kMaxHeaders, " headers, are ", headers.size())});
    return;
  }
  for (int i = 0; i < headers.size(); ++i) {
    const std::string wrong = WrongHeaderName(headers[i].name());
    if (!wrong.empty()) out->push_back({absl::StrCat(path, "[", i, "].name"), wrong});
    const std::string& value = headers[i].value();
    if (!value.empty() && value.front() != ' ' && IsPrintable(value)) continue;
    out->push_back({absl::StrCat(path, "[", i, "].value"),
                    absl::StrCat("must be printable ASCII, at least one character and not a space "
                                 "first, is ",
                                 ShowText(value))});
  }
}

absl::Status AppendHeaders(const Parameters& p, const Option& option, int version,
                           std::string* command) {
  for (const v1::HttpHeader& header : static_cast<const P&>(p.message).headers()) {
    const auto quoted = QuotedArgument(absl::StrCat(header.name(), ": ", header.value()), version);
    if (!quoted.has_value()) return absl::InternalError("the version was not checked");
    absl::StrAppend(command, " ", option.option, " ", *quoted);
  }
  return absl::OkStatus();
}

constexpr OptionKind kHeaders = {CheckHeaders, AppendHeaders};

void CheckConfigList(const Parameters& p, const Option& option, Violations* out) {
  kHexBytes.check(p, option, out);
}

absl::Status AppendConfigList(const Parameters& p, const Option& option, int,
                              std::string* command) {
  absl::StrAppend(command, " ", option.option,
                  absl::Base64Escape(static_cast<const P&>(p.message).ech_config_list()));
  return absl::OkStatus();
}

constexpr OptionKind kConfigList = {CheckConfigList, AppendConfigList};

// clang-format off
const Option kOptions[] = {
    {.field = P::kDstFieldNumber, .option = "", .kind = &kTarget},
    {.field = P::kUrlFieldNumber, .option = "-u", .kind = &kUrl, .mandatory = true},
    {.field = P::kHeadersFieldNumber, .option = "-H", .kind = &kHeaders},
    {.field = P::kInsecureFieldNumber, .option = "-O insecure", .kind = &kFlag},
    {.field = P::kLimitTimeFieldNumber, .option = "-m", .kind = &kTime, .min = kSecond,
     .max = 60 * kSecond},
    {.field = P::kUseridFieldNumber, .option = "-U", .kind = &kNumber, .max = 4294967295},
    {.field = P::kEchGreaseFieldNumber, .option = "-O grease", .kind = &kFlag, .since = 20260331},
    {.field = P::kEchConfigListFieldNumber, .option = "-O ecl=", .kind = &kConfigList, .min = 1,
     .max = 65535, .since = 20260331},
};
// clang-format on

Parameters ParametersOf(const P& http) {
  return {.message = http,
          .path = "http",
          .options = kOptions,
          .dst = base::ParseIpAddress(http.dst()),
          .since = kHttpSince};
}

}  // namespace

std::vector<FieldViolation> ValidateHttp(const P& http) {
  Violations violations;
  CheckOptions(ParametersOf(http), &violations);
  if (!http.has_ech_config_list()) return violations;
  if (http.ech_grease()) {
    violations.push_back({"http.ech_config_list", "must not be together with ech_grease"});
  }
  const auto url = ParseUrl(http.url());
  if (url.has_value() && !url->https) {
    violations.push_back({"http.ech_config_list", "needs a url of https"});
  }
  return violations;
}

absl::StatusOr<std::string> HttpCommand(const P& http, int version) {
  return BuildCommand("http", ParametersOf(http), version);
}

// A page of some ten thousand bytes: SYN, acknowledgement, request, five acknowledgements of data,
// FIN and its acknowledgement; five more of a TLS handshake.
Probing HttpProbing(const P& http) {
  Probing probing;
  AddTarget("http.dst", http.dst(), &probing);
  const auto url = ParseUrl(http.url());
  probing.packets = url.has_value() && url->https ? 15 : 10;
  return probing;
}

}  // namespace scamper::records
