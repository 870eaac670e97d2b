// SPDX-License-Identifier: Apache-2.0
// Notes what a session calls, as text.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/control/session.h"

namespace scamper::control {

class EventListener : public SessionListener {
 public:
  void OnAttached(const DaemonInfo& daemon) override {
    info = daemon;
    Note("attached");
  }
  void OnAccepted(uint32_t id) override { Note(absl::StrCat("accepted ", id)); }
  void OnRejected(absl::string_view text) override { Note(absl::StrCat("rejected ", text)); }
  void OnRecord(std::optional<uint32_t> id, bool in_progress, std::string record) override {
    records.push_back(record);
    Note(absl::StrCat("record type ", static_cast<int>(record[3]), id ? " id " : "",
                      id ? absl::StrCat(*id) : "", in_progress ? " inprog" : ""));
  }
  void OnMore() override { Note("more"); }
  void OnHalted(uint32_t id, bool known) override {
    Note(absl::StrCat("halted ", id, known ? "" : " unknown"));
  }
  void OnClosed(absl::Status status) override {
    closed = std::move(status);
    Note("closed");
  }

  bool Saw(absl::string_view event) const {
    for (const std::string& seen : events) {
      if (event == absl::string_view(seen)) return true;
    }
    return false;
  }
  std::string Joined() const {
    std::string all;
    for (const std::string& record : records) all += record;
    return all;
  }

  std::vector<std::string> events;
  std::vector<std::string> records;
  DaemonInfo info;
  std::optional<absl::Status> closed;
  // Called after each event is noted.
  std::function<void(const std::string& event)> on_event;

 private:
  void Note(std::string event) {
    events.push_back(event);
    if (on_event) on_event(event);
  }
};

}  // namespace scamper::control
