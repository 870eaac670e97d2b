// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/recording.h"

#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>

#include <deque>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/control/reply_parser.h"

namespace scamper::control {
namespace {

// Text that JSON carried as characters U+0000 to U+00FF to the bytes it stands for.
std::string Latin1Bytes(const std::string& utf8) {
  std::string out;
  for (size_t i = 0; i < utf8.size(); ++i) {
    const unsigned char c = utf8[i];
    if (c >= 0xc2 && c <= 0xc3 && i + 1 < utf8.size()) {
      out.push_back(static_cast<char>(c << 6 | (utf8[++i] & 0x3f)));
    } else {
      out.push_back(utf8[i]);
    }
  }
  return out;
}

// Follows one recording and notes what it says in the script.
class ScriptReader {
 public:
  explicit ScriptReader(ReplayScript* script) : script_(*script) {}

  absl::Status Read(const Recording& recording) {
    for (const Recording::Entry& entry : recording.log) {
      if (entry.sent) {
        for (absl::string_view line : absl::StrSplit(entry.bytes, '\n', absl::SkipEmpty())) {
          questions_.emplace_back(line);
        }
        continue;
      }
      parser_.Feed(entry.bytes);
      while (true) {
        absl::StatusOr<std::optional<Reply>> reply = parser_.Next();
        if (!reply.ok()) return reply.status();
        if (!reply->has_value()) break;
        if (absl::Status status = Note(**reply); !status.ok()) return status;
      }
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Note(Reply& reply) {
    if (reply.kind == ReplyKind::kMore) return absl::OkStatus();
    if (reply.kind == ReplyKind::kData) return NoteRecord(reply);
    if (questions_.empty()) {
      return absl::DataLossError(absl::StrCat("'", Describe(reply), "' answers nothing"));
    }
    const std::string command = std::move(questions_.front());
    questions_.pop_front();
    if (absl::StartsWith(command, "attach") || command == "done") return absl::OkStatus();
    ReplayScript::Answer& answer = script_.answers[command];
    answer = {};
    answer.accepted = reply.kind == ReplyKind::kAccepted;
    if (answer.accepted) {
      script_.accepted.push_back(command);
      commands_[*reply.id] = command;
    } else {
      answer.error = reply.text;
    }
    return absl::OkStatus();
  }

  absl::Status NoteRecord(Reply& reply) {
    std::string& record = reply.record;
    if (reply.id.has_value()) {
      const auto command = commands_.find(*reply.id);
      if (command == commands_.end()) {
        return absl::DataLossError(absl::StrCat("no command has id ", *reply.id));
      }
      script_.answers[command->second].results.push_back({std::move(record), reply.in_progress});
      return absl::OkStatus();
    }
    switch (record[3]) {
      case 1:
        NoteOnce(record, &script_.list_record);
        break;
      case 2:
        NoteOnce(record, &script_.cycle_record);
        break;
      case 4:
        NoteOnce(record, &script_.stop_record);
        break;
      default:
        script_.unnamed.push_back({std::move(record), script_.accepted.size()});
    }
    return absl::OkStatus();
  }

  static void NoteOnce(std::string& record, std::string* out) {
    if (out->empty()) *out = std::move(record);
  }

  ReplayScript& script_;
  ReplyParser parser_;
  std::deque<std::string> questions_;
  std::map<uint32_t, std::string> commands_;
};

}  // namespace

std::string Recording::Received() const {
  std::string out;
  for (const Entry& entry : log) {
    if (!entry.sent) out += entry.bytes;
  }
  return out;
}

absl::StatusOr<Recording> LoadRecording(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("cannot open ", path));
  const std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  google::protobuf::Struct root;
  const auto status = google::protobuf::util::JsonStringToMessage(json, &root);
  if (!status.ok()) return absl::DataLossError(absl::StrCat(path, ": ", status.ToString()));
  const auto log = root.fields().find("log");
  if (log == root.fields().end()) return absl::DataLossError(absl::StrCat(path, ": no log"));
  Recording recording;
  for (const auto& value : log->second.list_value().values()) {
    const auto& entry = value.list_value().values();
    if (entry.size() != 3) return absl::DataLossError(absl::StrCat(path, ": malformed log"));
    recording.log.push_back({entry[0].number_value(), entry[1].string_value() == ">",
                             Latin1Bytes(entry[2].string_value())});
  }
  return recording;
}

absl::StatusOr<ReplayScript> ReplayScript::Make(const std::vector<Recording>& recordings) {
  ReplayScript script;
  for (const Recording& recording : recordings) {
    if (absl::Status status = ScriptReader(&script).Read(recording); !status.ok()) return status;
  }
  if (script.list_record.empty() || script.cycle_record.empty()) {
    return absl::DataLossError("the recordings hold no list or cycle record");
  }
  return script;
}

}  // namespace scamper::control
