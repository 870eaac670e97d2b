// SPDX-License-Identifier: Apache-2.0
// What the tests of runs and sessions share.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "server/runs/journal.h"
#include "server/runs/task_stream.h"
#include "tests/broker/testing.h"

namespace scamper::runs {

// Notes what it reads; reads all that there is at once.
class NotingReader : public Journal::Reader, public std::enable_shared_from_this<NotingReader> {
 public:
  explicit NotingReader(Journal* journal) : journal_(journal) {}
  void Readable() override;

  std::vector<Journal::Item> items;
  absl::Status status;

  // Kind, reference and outcome of each event behind `from`, e.g. "accepted 1", "more vp".
  std::vector<std::string> Texts(size_t from = 0) const;
  size_t Count(Event::Kind kind) const;

 private:
  Journal* const journal_;
};

std::string Text(const Event& event);

// Over fake daemons; a measurement is a ping of which only dst counts.
class RunsTest : public broker::BrokerTest {
 protected:
  Context MakeContext();
  static v1::Measurement Ping(const std::string& dst);
};

}  // namespace scamper::runs
