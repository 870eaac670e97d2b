// SPDX-License-Identifier: Apache-2.0
#include "server/service/selection.h"

#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/service/instance_filter.h"

namespace scamper::service {
namespace {

using NameSet = absl::flat_hash_set<std::string>;

// The names as given, which must be those of instances, each once.
absl::StatusOr<std::vector<std::string>> Checked(
    broker::Broker& broker, const google::protobuf::RepeatedPtrField<std::string>& names) {
  NameSet seen;
  for (const std::string& name : names) {
    if (!broker.HasInstance(name)) {
      return absl::NotFoundError(absl::StrCat("no instance is named '", name, "'"));
    }
    if (!seen.insert(name).second) {
      return absl::InvalidArgumentError(absl::StrCat("instances: '", name, "' is named twice"));
    }
  }
  return std::vector<std::string>(names.begin(), names.end());
}

// Those that are ready, of those that pass.
absl::StatusOr<std::vector<std::string>> Ready(broker::Broker& broker,
                                               const std::optional<filter::Filter>& filter) {
  std::vector<std::string> names;
  bool matched = false;
  for (const v1::Instance& instance : broker.Instances()) {
    if (filter && !Matches(*filter, instance)) continue;
    matched = true;
    if (instance.state() == v1::INSTANCE_STATE_READY) names.push_back(instance.name());
  }
  if (!names.empty()) return names;
  if (!filter) return absl::UnavailableError("no instance is ready");
  if (!matched) return absl::NotFoundError("instance_filter holds for no instance");
  return absl::UnavailableError("no instance that instance_filter holds for is ready");
}

absl::Status CheckOneWay(bool named, bool all, bool filtered) {
  if ((named ? 1 : 0) + (all ? 1 : 0) + (filtered ? 1 : 0) <= 1) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "only one of instances, all_instances and instance_filter can be given");
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

absl::StatusOr<std::vector<std::string>> SelectInstances(
    broker::Broker& broker, const google::protobuf::RepeatedPtrField<std::string>& names,
    bool all_instances, absl::string_view instance_filter) {
  if (absl::Status status = CheckOneWay(!names.empty(), all_instances, !instance_filter.empty());
      !status.ok()) {
    return status;
  }
  if (all_instances) return Ready(broker, std::nullopt);
  if (!instance_filter.empty()) {
    absl::StatusOr<filter::Filter> filter = ParseInstanceFilter(instance_filter);
    if (!filter.ok()) return filter.status();
    return Ready(broker, *std::move(filter));
  }
  if (!names.empty()) return Checked(broker, names);
  absl::StatusOr<std::string> one = SelectOne(broker, "");
  if (!one.ok()) return one.status();
  return std::vector<std::string>{*std::move(one)};
}

absl::StatusOr<std::vector<runs::Plan>> SelectForRun(broker::Broker& broker,
                                                     const v1::RunRequest& request) {
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
      absl::StatusOr<std::vector<std::string>> names = Checked(broker, own);
      if (!names.ok()) return names.status();
      for (const std::string& name : *names) plans[plan_of(name)].measurements.push_back(i);
      continue;
    }
    if (!usual_known) {
      absl::StatusOr<std::vector<std::string>> names = SelectInstances(
          broker, request.instances(), request.all_instances(), request.instance_filter());
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
  if (absl::Status status = CheckOneWay(!open.instances().empty(), open.all_instances(),
                                        !open.instance_filter().empty());
      !status.ok()) {
    return status;
  }
  if (open.all_instances()) return [](const v1::Instance&) { return true; };
  if (!open.instance_filter().empty()) {
    absl::StatusOr<filter::Filter> filter = ParseInstanceFilter(open.instance_filter());
    if (!filter.ok()) return filter.status();
    return [filter = *std::move(filter)](const v1::Instance& i) { return Matches(filter, i); };
  }
  absl::StatusOr<std::vector<std::string>> names =
      SelectInstances(broker, open.instances(), false, "");
  if (!names.ok()) return names.status();
  return [selected = NameSet(names->begin(), names->end())](const v1::Instance& instance) {
    return selected.contains(instance.name());
  };
}

}  // namespace scamper::service
