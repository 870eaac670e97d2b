// SPDX-License-Identifier: Apache-2.0
// Runs and sessions that outlive their calls.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/executor.h"
#include "server/runs/task_stream.h"

namespace scamper::runs {

// By a name each. What has had no call for `grace` is abandoned: its tasks are halted, and it is
// forgotten. On the control thread.
template <typename Stream>
class Table {
 public:
  Table(base::Executor* control, absl::Duration grace) : control_(control), grace_(grace) {}

  // Null where there is none of that name.
  std::shared_ptr<Stream> Find(absl::string_view name) const {
    const auto it = kept_.find(name);
    return it == kept_.end() ? nullptr : it->second.stream;
  }
  // REQUIRES: the name is free.
  void Add(const std::string& name, std::shared_ptr<Stream> stream) {
    kept_[name].stream = std::move(stream);
    StartGrace(name);
  }
  // A call goes on with it, or ends. REQUIRES: the name is there, until as many calls left as came.
  void Enter(const std::string& name) {
    Kept& kept = kept_.at(name);
    ++kept.calls;
    kept.timer.reset();
  }
  void Leave(const std::string& name) {
    if (--kept_.at(name).calls == 0) StartGrace(name);
  }

  std::vector<std::shared_ptr<Stream>> All() const {
    std::vector<std::shared_ptr<Stream>> all;
    for (const auto& [name, kept] : kept_) all.push_back(kept.stream);
    return all;
  }
  absl::Duration grace() const { return grace_; }

 private:
  struct Kept {
    std::shared_ptr<Stream> stream;
    int calls = 0;
    std::unique_ptr<base::Timer> timer;
  };

  void StartGrace(const std::string& name) {
    kept_.at(name).timer = control_->After(grace_, [this, name] {
      const std::shared_ptr<Stream> stream = std::move(kept_.at(name).stream);
      kept_.erase(name);
      stream->Abandon(v1::TASK_OUTCOME_HALTED);
    });
  }

  base::Executor* const control_;
  const absl::Duration grace_;
  absl::flat_hash_map<std::string, Kept> kept_;
};

}  // namespace scamper::runs
