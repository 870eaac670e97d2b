// SPDX-License-Identifier: Apache-2.0
#include "server/service/selection.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace scamper::service {
namespace {

using NameSet = absl::flat_hash_set<std::string>;

// The names as given, which must be those of instances, each once.
template <typename Names>
absl::StatusOr<std::vector<std::string>> Checked(const NameSet& known, const Names& names) {
  NameSet seen;
  for (const std::string& name : names) {
    if (!known.contains(name)) {
      return absl::NotFoundError(absl::StrCat("no instance is named '", name, "'"));
    }
    if (!seen.insert(name).second) {
      return absl::InvalidArgumentError(absl::StrCat("instances: '", name, "' is named twice"));
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

absl::StatusOr<std::vector<std::string>> Ready(broker::Broker& broker) {
  std::vector<std::string> names;
  for (const v1::Instance& instance : broker.Instances()) {
    if (instance.state() == v1::INSTANCE_STATE_READY) names.push_back(instance.name());
  }
  if (names.empty()) return absl::UnavailableError("no instance is ready");
  return names;
}

// The instances of measurements that do not name their own.
absl::StatusOr<std::vector<std::string>> Default(broker::Broker& broker, const NameSet& known,
                                                 const v1::RunRequest& request) {
  if (request.all_instances()) {
    if (request.instances_size() > 0) {
      return absl::InvalidArgumentError("instances: not together with all_instances");
    }
    return Ready(broker);
  }
  if (request.instances_size() > 0) return Checked(known, request.instances());
  absl::StatusOr<std::string> one = SelectOne(broker, "");
  if (!one.ok()) return one.status();
  return std::vector<std::string>{*std::move(one)};
}

}  // namespace

absl::StatusOr<std::string> SelectOne(broker::Broker& broker, absl::string_view name) {
  if (!name.empty()) return std::string(name);
  std::vector<std::string> names = broker.Names();
  if (names.size() == 1) return names[0];
  if (names.empty()) return absl::FailedPreconditionError("the server has no instance");
  return absl::FailedPreconditionError(
      absl::StrCat("the server has several instances, name one: ", absl::StrJoin(names, ", ")));
}

absl::StatusOr<std::vector<runs::Plan>> SelectForRun(broker::Broker& broker,
                                                     const v1::RunRequest& request) {
  const std::vector<std::string> names_known = broker.Names();
  const NameSet known(names_known.begin(), names_known.end());
  std::vector<runs::Plan> plans;
  absl::flat_hash_map<std::string, size_t> index;
  std::vector<size_t> usual;
  auto plan_of = [&](const std::string& name) {
    auto [it, added] = index.try_emplace(name, plans.size());
    if (added) plans.push_back({name, {}});
    return it->second;
  };
  bool usual_known = false;
  for (int i = 0; i < request.measurements_size(); ++i) {
    const auto& own = request.measurements(i).instances();
    if (!own.empty()) {
      absl::StatusOr<std::vector<std::string>> names = Checked(known, own);
      if (!names.ok()) return names.status();
      for (const std::string& name : *names) plans[plan_of(name)].measurements.push_back(i);
      continue;
    }
    if (!usual_known) {
      absl::StatusOr<std::vector<std::string>> names = Default(broker, known, request);
      if (!names.ok()) return names.status();
      for (const std::string& name : *names) usual.push_back(plan_of(name));
      usual_known = true;
    }
    for (size_t p : usual) plans[p].measurements.push_back(i);
  }
  return plans;
}

absl::StatusOr<std::function<bool(const v1::Instance&)>> SelectForSession(
    broker::Broker& broker, const v1::SessionOpen& open) {
  if (open.all_instances()) {
    if (!open.instances().empty()) {
      return absl::InvalidArgumentError("instances: not together with all_instances");
    }
    return [](const v1::Instance&) { return true; };
  }
  std::vector<std::string> names;
  if (open.instances().empty()) {
    absl::StatusOr<std::string> one = SelectOne(broker, "");
    if (!one.ok()) return one.status();
    names.push_back(*std::move(one));
  } else {
    const std::vector<std::string> known = broker.Names();
    absl::StatusOr<std::vector<std::string>> checked =
        Checked(NameSet(known.begin(), known.end()), open.instances());
    if (!checked.ok()) return checked.status();
    names = *std::move(checked);
  }
  return [selected = NameSet(names.begin(), names.end())](const v1::Instance& instance) {
    return selected.contains(instance.name());
  };
}

}  // namespace scamper::service
