// SPDX-License-Identifier: Apache-2.0
#include "client/cli/transfer_progress.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace scamper::cli {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(200);
constexpr size_t kBarWidth = 24;

class MeteredSource final : public io::ByteSource {
 public:
  MeteredSource(std::unique_ptr<io::ByteSource> source, TransferProgress* progress)
      : source_(std::move(source)), progress_(progress) {}

  absl::StatusOr<size_t> Read(char* buffer, size_t size) override {
    absl::StatusOr<size_t> n = source_->Read(buffer, size);
    if (n.ok()) progress_->Advance(*n);
    return n;
  }

 private:
  const std::unique_ptr<io::ByteSource> source_;
  TransferProgress* const progress_;
};

// Whole units: "4 s", "3 min 20 s", "1 h 5 min".
std::string TimeText(double seconds) {
  const auto s = static_cast<uint64_t>(std::llround(std::min(seconds, 1e9)));
  if (s < 60) return absl::StrCat(s, " s");
  if (s < 3600) return absl::StrCat(s / 60, " min ", s % 60, " s");
  return absl::StrCat(s / 3600, " h ", s / 60 % 60, " min");
}

std::string Bar(double part) {
  const auto filled = static_cast<size_t>(part * kBarWidth);
  std::string bar(filled, '=');
  if (filled < kBarWidth) bar.push_back('>');
  bar.resize(kBarWidth, ' ');
  return bar;
}

}  // namespace

std::string BytesText(uint64_t bytes) {
  if (bytes < 1000) return absl::StrCat(bytes, " B");
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(bytes) / 1000;
  size_t unit = 0;
  while (value >= 999.5) {
    value /= 1000;
    ++unit;
  }
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return absl::StrFormat("%.*f %s", decimals, value, kUnits[unit]);
}

std::string TransferText(uint64_t done, std::optional<uint64_t> total, absl::Duration elapsed) {
  const double seconds = std::max(absl::ToDoubleSeconds(elapsed), 1e-3);
  const double rate = static_cast<double>(done) / seconds;
  std::string text =
      absl::StrCat(BytesText(done), "  ", BytesText(static_cast<uint64_t>(rate)), "/s  ");
  if (!total.has_value()) return absl::StrCat(text, TimeText(seconds));
  const uint64_t end = std::max({*total, done, uint64_t{1}});
  const double part = static_cast<double>(done) / static_cast<double>(end);
  text = absl::StrFormat("%3d%% [%s]  %s", static_cast<int>(part * 100), Bar(part), text);
  if (done == 0) return absl::StrCat(text, "? left");
  return absl::StrCat(text, TimeText(static_cast<double>(end - done) / rate), " left");
}

TransferProgress::TransferProgress(std::ostream& err, bool enabled, std::optional<uint64_t> total,
                                   Clock now)
    : err_(err),
      enabled_(enabled),
      total_(total),
      now_(std::move(now)),
      start_(now_()),
      bar_(err, enabled),
      drawn_(start_) {}

void TransferProgress::Advance(uint64_t bytes) {
  std::lock_guard<std::mutex> lock(mutex_);
  done_ += bytes;
  if (!enabled_) return;
  const absl::Time now = now_();
  if (now - drawn_ < kInterval) return;
  drawn_ = now;
  bar_.Draw(TransferText(done_, total_, now - start_));
}

void TransferProgress::Say(const std::string& line) {
  if (line.empty()) return;
  std::lock_guard<std::mutex> lock(mutex_);
  bar_.Erase();
  err_ << "scamper-grpc: " << line << std::endl;
}

std::unique_ptr<io::ByteSource> Metered(std::unique_ptr<io::ByteSource> source,
                                        TransferProgress* progress) {
  return std::make_unique<MeteredSource>(std::move(source), progress);
}

}  // namespace scamper::cli
