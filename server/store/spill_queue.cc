// SPDX-License-Identifier: Apache-2.0
#include "server/store/spill_queue.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/store.h"
#include "server/store/work_file.h"

namespace scamper::store {
namespace {

// An item is its size in the byte order of the machine, and its bytes.
using Size = uint32_t;
// Between two places that are known, and what is read at a time.
constexpr uint64_t kStep = uint64_t{64} << 10;

Size ReadSize(const char* at) {
  Size size;
  std::memcpy(&size, at, sizeof size);
  return size;
}

// Items of a file, from a place on.
class Reader {
 public:
  Reader(const WorkFile& file, uint64_t offset) : file_(file), offset_(offset) {}

  // Of the next item.
  uint64_t offset() const { return offset_ + at_; }

  // Valid until the next call. REQUIRES: there is one.
  absl::StatusOr<absl::string_view> Next() {
    if (absl::Status status = Fill(sizeof(Size)); !status.ok()) return status;
    const size_t whole = sizeof(Size) + ReadSize(block_.data() + at_);
    if (absl::Status status = Fill(whole); !status.ok()) return status;
    const auto item = absl::string_view(block_).substr(at_, whole).substr(sizeof(Size));
    at_ += whole;
    return item;
  }

 private:
  absl::Status Fill(size_t n) {
    if (block_.size() - at_ >= n) return absl::OkStatus();
    block_.erase(0, at_);
    offset_ += std::exchange(at_, 0);
    const size_t had = block_.size();
    block_.resize(std::max<size_t>(n, kStep));
    const auto got = file_.Read(offset_ + had, block_.data() + had, block_.size() - had);
    if (!got.ok()) return got.status();
    block_.resize(had + *got);
    if (block_.size() >= n) return absl::OkStatus();
    return absl::DataLossError("a spilled item was cut short");
  }

  const WorkFile& file_;
  // Of the block in the file.
  uint64_t offset_;
  std::string block_;
  // Of the next item in the block.
  size_t at_ = 0;
};

}  // namespace

struct SpillQueue::Segment {
  uint64_t begin = 0;
  uint64_t end = 0;
  std::unique_ptr<WorkFile> file;
  // Where every so many bytes an item begins, in order; the first of all at first.
  std::vector<Place> places;
  // Where the last read ended.
  Place next;

  // The last place known that is not behind the item.
  Place Before(uint64_t index) const {
    const auto behind =
        std::upper_bound(places.begin(), places.end(), index,
                         [](uint64_t i, const Place& place) { return i < place.index; });
    const Place& place = *(behind - 1);
    return next.index <= index && next.index > place.index ? next : place;
  }
};

SpillQueue::SpillQueue(Store* store, size_t segment_bytes)
    : store_(store), segment_bytes_(segment_bytes) {}

SpillQueue::~SpillQueue() = default;

absl::StatusOr<SpillQueue::Segment*> SpillQueue::Tail() {
  if (segments_.empty() || segments_.back()->file->size() >= segment_bytes_) {
    absl::StatusOr<std::unique_ptr<WorkFile>> file = store_->CreateScratch();
    if (!file.ok()) return file.status();
    auto segment = std::make_unique<Segment>();
    segment->begin = segment->end = end_;
    segment->next.index = end_;
    segment->file = *std::move(file);
    segments_.push_back(std::move(segment));
  }
  return segments_.back().get();
}

absl::StatusOr<uint64_t> SpillQueue::Append(absl::Span<const std::string> items) {
  std::string bytes;
  for (const std::string& item : items) {
    if (item.size() > std::numeric_limits<Size>::max())
      return absl::InvalidArgumentError("an item of 4 GiB or more cannot be spilled");
    const Size size = static_cast<Size>(item.size());
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes.append(item);
  }
  absl::MutexLock lock(&mutex_);
  if (items.empty()) return end_;
  const absl::StatusOr<Segment*> tail = Tail();
  if (!tail.ok()) return tail.status();
  Segment& segment = **tail;
  uint64_t offset = segment.file->size();
  if (absl::Status status = segment.file->Append(bytes); !status.ok()) return status;
  const uint64_t first = end_;
  for (const std::string& item : items) {
    if (segment.places.empty() || offset >= segment.places.back().offset + kStep)
      segment.places.push_back({end_, offset});
    offset += sizeof(Size) + item.size();
    segment.end = ++end_;
  }
  return first;
}

absl::StatusOr<std::vector<std::string>> SpillQueue::Read(uint64_t first, size_t max_bytes) {
  absl::MutexLock lock(&mutex_);
  if (first < begin_ || first >= end_) {
    return absl::OutOfRangeError(absl::StrCat("item ", first, " is not in the queue, which has ",
                                              begin_, " to ", end_, " (excluded)"));
  }
  const auto found = std::find_if(segments_.begin(), segments_.end(),
                                  [first](const auto& segment) { return first < segment->end; });
  Segment& segment = **found;
  Place place = segment.Before(first);
  Reader reader(*segment.file, place.offset);
  std::vector<std::string> items;
  for (size_t bytes = 0; place.index < segment.end; ++place.index) {
    const uint64_t offset = reader.offset();
    const absl::StatusOr<absl::string_view> item = reader.Next();
    if (!item.ok()) return item.status();
    if (place.index < first) continue;
    bytes += item->size();
    if (!items.empty() && bytes > max_bytes) {
      segment.next = {place.index, offset};
      return items;
    }
    items.emplace_back(*item);
  }
  segment.next = {place.index, reader.offset()};
  return items;
}

void SpillQueue::Trim(uint64_t begin) {
  absl::MutexLock lock(&mutex_);
  begin_ = std::max(begin_, std::min(begin, end_));
  while (!segments_.empty() && segments_.front()->end <= begin_) segments_.pop_front();
}

uint64_t SpillQueue::begin() const {
  absl::MutexLock lock(&mutex_);
  return begin_;
}

uint64_t SpillQueue::end() const {
  absl::MutexLock lock(&mutex_);
  return end_;
}

uint64_t SpillQueue::bytes() const {
  absl::MutexLock lock(&mutex_);
  uint64_t bytes = 0;
  for (const auto& segment : segments_) bytes += segment->file->size();
  return bytes;
}

}  // namespace scamper::store
