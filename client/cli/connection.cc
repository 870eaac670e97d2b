// SPDX-License-Identifier: Apache-2.0
#include "client/cli/connection.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/cli/flags_from_proto.h"
#include "google/rpc/error_details.pb.h"

namespace scamper::cli {
namespace {

// A server that vanished without a word is noticed after so long.
constexpr int kKeepaliveMs = 60 * 1000;
constexpr int kKeepaliveTimeoutMs = 30 * 1000;

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // No end.
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(), arguments);
}

std::chrono::system_clock::time_point Deadline(absl::Duration timeout) {
  if (timeout > absl::Hours(24 * 365)) return std::chrono::system_clock::time_point::max();
  return absl::ToChronoTime(absl::Now() + timeout);
}

google::rpc::Status Details(const grpc::Status& status) {
  google::rpc::Status details;
  if (!details.ParseFromString(status.error_details())) details.Clear();
  details.set_message(status.error_message());
  return details;
}

// The N of "measurements[N]".
size_t IndexIn(absl::string_view segment) {
  std::vector<absl::string_view> parts = absl::StrSplit(segment, absl::ByAnyChar("[]"));
  size_t index = 0;
  return parts.size() > 1 && absl::SimpleAtoi(parts[1], &index) ? index : 0;
}

}  // namespace

Connection::Connection(std::string server, absl::Duration timeout, Interrupt* interrupt)
    : server_(std::move(server)),
      timeout_(timeout),
      deadline_(Deadline(timeout)),
      interrupt_(interrupt),
      channel_(MakeChannel(server_)),
      stub_(v1::ScamperControl::NewStub(channel_)),
      files_(v1::ScamperFiles::NewStub(channel_)) {}

void Connection::SetDeadline(grpc::ClientContext* context) const {
  if (deadline_ != std::chrono::system_clock::time_point::max()) context->set_deadline(deadline_);
}

std::vector<std::string> Connection::Explain(const grpc::Status& status,
                                             const std::vector<std::string>& destinations) const {
  switch (status.error_code()) {
    case grpc::StatusCode::CANCELLED:
      if (interrupt_ != nullptr && interrupt_->signal() != 0) return {};
      break;
    case grpc::StatusCode::INVALID_ARGUMENT:
      return Violations(Details(status), destinations);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      if (timeout_ < absl::InfiniteDuration()) {
        return {absl::StrCat("not done within --timeout ", absl::FormatDuration(timeout_))};
      }
      break;
    case grpc::StatusCode::UNAVAILABLE:
      if (channel_->GetState(false) != GRPC_CHANNEL_READY) {
        return {absl::StrCat("cannot reach scamper-grpc-server at ", server_, ": ",
                             status.error_message()),
                "Is it running there? Give its address with --server HOST:PORT or unix:PATH."};
      }
      break;
    default:
      break;
  }
  return {status.error_message().empty()
              ? absl::StrCat("the server ended the call with code ", status.error_code())
              : status.error_message()};
}

ExitCode ExitCodeOf(const grpc::Status& status) {
  if (status.ok()) return kSuccess;
  return status.error_code() == grpc::StatusCode::INVALID_ARGUMENT ? kUsageError : kRpcFailed;
}

bool HasViolations(const grpc::Status& status) {
  const google::rpc::Status details = Details(status);
  return std::any_of(
      details.details().begin(), details.details().end(),
      [](const google::protobuf::Any& detail) { return detail.Is<google::rpc::BadRequest>(); });
}

std::string FlagOfPath(const std::string& path, const std::vector<std::string>& destinations) {
  if (path == "options.input.file") return "IN";
  if (path == "options.output.file") return "OUT";
  if (path == "options.file" || path == "file") return "NAME";
  const std::vector<std::string> segments = absl::StrSplit(path, '.');
  if (absl::StartsWith(segments[0], "instances")) return "--inst";
  const bool listed = absl::StartsWith(segments[0], "measurements[");
  const size_t name = listed ? 2 : 1;
  if (segments.size() <= name) return path;
  const std::string field = segments[name].substr(0, segments[name].find('['));
  const auto* kind = v1::Measurement::descriptor()->FindFieldByName(segments[name - 1]);
  if (kind != nullptr && kind->message_type() != nullptr) {
    for (const auto* argument : ArgumentFields(kind->message_type())) {
      if (argument->name() != field) continue;
      const size_t index = listed ? IndexIn(segments[0]) : 0;
      return index < destinations.size() ? absl::StrCat(field, " ", destinations[index]) : field;
    }
  }
  // Of an item of a list, which one and its part.
  if (segments.size() == name + 1 || segments[name] == field) return FlagName(field);
  return absl::StrCat(
      FlagName(segments[name]), ".",
      absl::StrJoin(segments.begin() + static_cast<ptrdiff_t>(name) + 1, segments.end(), "."));
}

std::vector<std::string> Violations(const google::rpc::Status& status,
                                    const std::vector<std::string>& destinations) {
  std::vector<std::string> lines;
  google::rpc::BadRequest bad;
  for (const google::protobuf::Any& detail : status.details()) {
    if (!detail.UnpackTo(&bad)) continue;
    for (const auto& violation : bad.field_violations()) {
      std::string line =
          absl::StrCat(FlagOfPath(violation.field(), destinations), ": ", violation.description());
      if (std::find(lines.begin(), lines.end(), line) == lines.end()) {
        lines.push_back(std::move(line));
      }
    }
  }
  if (lines.empty()) lines.push_back(status.message());
  return lines;
}

}  // namespace scamper::cli
