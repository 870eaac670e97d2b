// SPDX-License-Identifier: Apache-2.0
#include "tests/runs/testing.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace scamper::runs {

void NotingReader::Readable() {
  for (;;) {
    absl::StatusOr<std::optional<Journal::Item>> item = journal_->Next(this);
    status = item.status();
    if (!item.ok() || !*item) return;
    items.push_back(**std::move(item));
  }
}

std::vector<std::string> NotingReader::Texts(size_t from) const {
  std::vector<std::string> texts;
  for (size_t i = from; i < items.size(); ++i) texts.push_back(Text(items[i].event));
  return texts;
}

size_t NotingReader::Count(Event::Kind kind) const {
  return static_cast<size_t>(std::count_if(
      items.begin(), items.end(), [kind](const Journal::Item& i) { return i.event.kind == kind; }));
}

std::string Text(const Event& event) {
  const std::string instance = event.instance != nullptr ? *event.instance : "";
  switch (event.kind) {
    case Event::Kind::kAccepted:
      return absl::StrCat("accepted ", event.reference);
    case Event::Kind::kProgress:
      return absl::StrCat("progress ", event.reference);
    case Event::Kind::kEnd:
      if (event.end.outcome == v1::TASK_OUTCOME_UNSPECIFIED) {
        return absl::StrCat("not taken ", event.reference);
      }
      return absl::StrCat(v1::TaskOutcome_Name(event.end.outcome).substr(13), " ", event.reference);
    case Event::Kind::kMore:
      return "more " + instance;
    case Event::Kind::kEof:
      return "eof " + instance;
    case Event::Kind::kInstanceDone:
      return "instance done " + instance;
    case Event::Kind::kFinished:
      return "finished";
  }
  return "";
}

Context RunsTest::MakeContext() {
  return {broker_.get(), &executor_,
          [](std::string instance, std::shared_ptr<const v1::Measurement> m) {
            const std::string& dst = m->ping().dst();
            return broker::TaskSpec{
                std::move(instance),
                [m](int) { return absl::StrCat("ping ", m->ping().dst(), " x"); }, dst};
          },
          /*owner=*/""};
}

v1::Measurement RunsTest::Ping(const std::string& dst) {
  v1::Measurement m;
  m.mutable_ping()->set_dst(dst);
  return m;
}

}  // namespace scamper::runs
