// SPDX-License-Identifier: Apache-2.0
#include "server/recorder/numbering.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "scamper/v1/record.pb.h"
#include "server/records/registry.h"
#include "server/warts/cursor.h"
#include "server/warts/header.h"

namespace scamper::recorder {
namespace {

// Those below are lists, cycles and addresses.
constexpr uint32_t kFirstMeasurement = 6;

bool IsKnown(uint32_t type) {
  return type != v1::Record::kUnknownFieldNumber &&
         v1::Record::descriptor()->FindFieldByNumber(static_cast<int>(type)) != nullptr;
}

// Where a record has a number, and which.
struct Place {
  size_t at = 0;
  uint32_t number = 0;
};

struct Places {
  std::optional<Place> list;
  std::optional<Place> cycle;
};

// Every measurement begins with a block of parameters (warts-format.md 3.1) whose first two are the
// numbers of its list and cycle. Nothing where there is no such block.
std::optional<Places> FindNumbers(absl::string_view record) {
  warts::Cursor body(record.substr(warts::kHeaderSize), warts::kHeaderSize);
  constexpr uint32_t kLink = 0x80;
  uint32_t flags = 0;
  if (!body.U8(&flags)) return std::nullopt;
  Places places;
  if (flags == 0) return places;
  for (uint32_t more = flags; (more & kLink) != 0;) {
    if (!body.U8(&more)) return std::nullopt;
  }
  uint32_t length = 0;
  warts::Cursor params("");
  if (!body.U16(&length) || !body.Take(length, &params)) return std::nullopt;
  const auto read = [&params](std::optional<Place>* place) {
    place->emplace();
    (*place)->at = params.offset();
    return params.U32(&(*place)->number);
  };
  if ((flags & 1) != 0 && !read(&places.list)) return std::nullopt;
  if ((flags & 2) != 0 && !read(&places.cycle)) return std::nullopt;
  return places;
}

void PutU32(uint32_t value, char* at) {
  for (int i = 0; i < 4; ++i) at[i] = static_cast<char>(value >> (24 - 8 * i));
}

absl::Status AppendRecord(const v1::Record& record, std::string* out) {
  const absl::StatusOr<std::string> bytes = records::Write(record);
  if (bytes.ok()) out->append(*bytes);
  return bytes.status();
}

}  // namespace

absl::Status Numbering::Append(const Under& under, absl::string_view record, std::string* out) {
  const std::optional<warts::Header> header = warts::ReadHeader(record);
  if (!header || header->type == 0 || header->length != record.size() - warts::kHeaderSize)
    return absl::DataLossError("expected one whole warts record");
  if (header->type < kFirstMeasurement)
    return absl::InvalidArgumentError(
        absl::StrCat("a record of type ", header->type, " is no measurement"));
  Numbers from;
  Numbers to;
  if (under.list != nullptr && under.cycle != nullptr) {
    from = {under.list->warts_id(), under.cycle->warts_id()};
    const absl::StatusOr<Numbers> numbers = NumbersOf(under, out);
    if (!numbers.ok()) return numbers.status();
    to = *numbers;
  }
  const size_t begin = out->size();
  out->append(record.data(), record.size());
  Renumber(header->type, from, to, out->data() + begin, record.size());
  return absl::OkStatus();
}

void Numbering::Renumber(uint32_t type, Numbers from, Numbers to, char* record, size_t size) {
  const std::optional<Places> places = FindNumbers(absl::string_view(record, size));
  if (!places) return;
  const auto is = [](const std::optional<Place>& place, uint32_t number) {
    return !place || place->number == 0 || place->number == number;
  };
  if (!IsKnown(type) && !(is(places->list, from.list) && is(places->cycle, from.cycle))) return;
  const auto put = [record](const std::optional<Place>& place, uint32_t was, uint32_t now) {
    if (place && place->number != 0) PutU32(place->number == was ? now : 0, record + place->at);
  };
  put(places->list, from.list, to.list);
  put(places->cycle, from.cycle, to.cycle);
}

absl::StatusOr<Numbering::Numbers> Numbering::NumbersOf(const Under& under, std::string* out) {
  const std::pair key(under.list.get(), under.cycle.get());
  const auto found = known_.find(key);
  if (found != known_.end()) return found->second.numbers;
  const absl::StatusOr<uint32_t> list = ListNumber(*under.list, out);
  if (!list.ok()) return list.status();
  const absl::StatusOr<uint32_t> cycle = CycleNumber(*under.cycle, *list, out);
  if (!cycle.ok()) return cycle.status();
  const Numbers numbers{*list, *cycle};
  known_[key] = {under, numbers};
  return numbers;
}

absl::StatusOr<uint32_t> Numbering::ListNumber(const v1::List& list, std::string* out) {
  v1::Record record;
  v1::List& value = *record.mutable_list();
  value = list;
  value.clear_warts_id();
  const auto [it, inserted] = lists_.try_emplace(value.SerializeAsString(), lists_.size() + 1);
  if (!inserted) return it->second;
  value.set_warts_id(it->second);
  absl::Status status = AppendRecord(record, out);
  if (status.ok()) return it->second;
  lists_.erase(it);
  return status;
}

absl::StatusOr<uint32_t> Numbering::CycleNumber(const v1::Cycle& cycle, uint32_t list,
                                                std::string* out) {
  v1::Record record;
  v1::Cycle& value = *record.mutable_cycle_start();
  value = cycle;
  value.clear_warts_id();
  value.clear_stop();
  value.set_list_id(list);
  const auto [it, inserted] = cycles_.try_emplace(value.SerializeAsString(), cycles_.size() + 1);
  if (!inserted) return it->second;
  value.set_warts_id(it->second);
  absl::Status status = AppendRecord(record, out);
  if (status.ok()) return it->second;
  cycles_.erase(it);
  return status;
}

void Numbering::AppendStops(absl::Time stop, std::string* out) const {
  for (uint32_t cycle = 1; cycle <= cycles_.size(); ++cycle) AppendStop(cycle, stop, out);
}

void AppendStop(uint32_t cycle, absl::Time stop, std::string* out) {
  v1::Record record;
  record.mutable_cycle_stop()->set_cycle_id(cycle);
  record.mutable_cycle_stop()->mutable_stop()->set_seconds(absl::ToUnixSeconds(stop));
  // Fails where the time is beyond what the format has; then the file has no stop.
  AppendRecord(record, out).IgnoreError();
}

}  // namespace scamper::recorder
