// SPDX-License-Identifier: Apache-2.0
#include "server/broker/fleet.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/control/remote_name.h"

namespace scamper::broker {
namespace {

using Kind = control::Endpoint::Kind;

std::string BaseName(const control::FoundVp& vp) {
  const v1::VantagePoint& known = vp.vantage_point;
  for (const std::string* name :
       {&known.monitor_name(), &known.shortname(), &known.ipv4(), &known.ipv6()}) {
    if (!name->empty()) return *name;
  }
  return vp.fallback_name;
}

// Equal for a process and one that was started in its place; empty where that cannot be told.
std::string Identity(const v1::VantagePoint& vp) {
  if (vp.monitor_name().empty()) return "";
  return absl::StrCat(vp.monitor_name(), " ", vp.ipv4(), " ", vp.ipv6());
}

}  // namespace

class Fleet::Watched final : public control::SourceListener {
 public:
  Watched(Fleet* fleet, std::string name, std::string endpoint, std::string version)
      : fleet_(fleet),
        name_(std::move(name)),
        endpoint_(std::move(endpoint)),
        version_(std::move(version)) {}

  void set_source(std::unique_ptr<control::Source> source) { source_ = std::move(source); }

  v1::InstanceSource Snapshot() const {
    v1::InstanceSource out;
    out.set_name(name_);
    out.set_endpoint(endpoint_);
    out.set_error(error_);
    out.set_vantage_points(static_cast<uint32_t>(known_.size()));
    return out;
  }

  void RemoveAll(absl::string_view reason) {
    source_.reset();
    for (const auto& [key, known] : std::exchange(known_, {})) {
      fleet_->broker_->RemoveInstance(known.name, reason);
    }
  }

  void OnFound(control::FoundVp vp) override;
  void OnChanged(const std::string& key, v1::VantagePoint vantage_point) override {
    const auto it = known_.find(key);
    if (it == known_.end()) return;
    fleet_->broker_->UpdateInstance(it->second.name, std::move(vantage_point));
  }
  void OnGone(const std::string& key, absl::string_view why) override { Remove(key, why); }
  void OnStatus(absl::Status status) override { error_ = std::string(status.message()); }

 private:
  struct Known {
    std::string name;
    std::string identity;
  };

  void Remove(const std::string& key, absl::string_view why);
  std::string FreeName(const std::string& base) const;

  Fleet* const fleet_;
  const std::string name_;
  const std::string endpoint_;
  const std::string version_;
  std::string error_ = "not watched yet";
  // By the source's key, and the keys by identity.
  std::map<std::string, Known> known_;
  std::map<std::string, std::string> by_identity_;
  std::unique_ptr<control::Source> source_;
};

void Fleet::Watched::OnFound(control::FoundVp vp) {
  const std::string identity = Identity(vp.vantage_point);
  if (const auto it = by_identity_.find(identity); it != by_identity_.end()) {
    Remove(std::string(it->second), "another process of its name and address has called in");
  }
  const std::string name = FreeName(BaseName(vp));
  InstanceSpec spec;
  spec.name = name;
  spec.endpoint = std::move(vp.endpoint);
  spec.connector = std::move(vp.connector);
  spec.source = name_;
  spec.vantage_point = std::move(vp.vantage_point);
  spec.version = version_.empty() ? fleet_->VersionOf(name, name_) : version_;
  if (!fleet_->broker_->AddInstance(std::move(spec)).ok()) return;  // It shuts down.
  known_[vp.key] = {name, identity};
  if (!identity.empty()) by_identity_[identity] = vp.key;
}

void Fleet::Watched::Remove(const std::string& key, absl::string_view why) {
  const auto removed = known_.extract(key);
  if (removed.empty()) return;
  by_identity_.erase(removed.mapped().identity);
  fleet_->broker_->RemoveInstance(removed.mapped().name, why);
}

std::string Fleet::Watched::FreeName(const std::string& base) const {
  const auto taken = [this](const std::string& name) {
    return fleet_->broker_->HasInstance(name) || fleet_->sources_.contains(name);
  };
  std::string name = base;
  for (int n = 2; taken(name); ++n) name = absl::StrCat(base, "~", n);
  return name;
}

Fleet::Fleet(Broker* broker, std::unique_ptr<control::Network> network, Versions versions)
    : broker_(broker), network_(std::move(network)), versions_(std::move(versions)) {}

Fleet::~Fleet() = default;

absl::StatusOr<std::string> Fleet::Attach(const control::Endpoint& endpoint, std::string name,
                                          std::string version) {
  if (name.empty()) name = control::DefaultName(endpoint);
  if (broker_->HasInstance(name) || sources_.contains(name)) {
    return absl::AlreadyExistsError(
        absl::StrCat("an instance or source is named '", name, "' already"));
  }
  const std::string text = control::FormatEndpoint(endpoint);
  if (control::IsSource(endpoint)) {
    auto watched = std::make_unique<Watched>(this, name, text, std::move(version));
    watched->set_source(network_->Watch(endpoint, watched.get()));
    sources_[name] = std::move(watched);
    return name;
  }
  InstanceSpec spec;
  spec.name = name;
  spec.endpoint = text;
  spec.connector = network_->MakeConnector(endpoint);
  if (endpoint.kind == Kind::kRemote) {
    spec.vantage_point = control::ReadRemoteName(
        absl::string_view(endpoint.path).substr(endpoint.path.rfind('/') + 1));
  }
  spec.version = version.empty() ? VersionOf(name, "") : std::move(version);
  if (absl::Status status = broker_->AddInstance(std::move(spec)); !status.ok()) return status;
  return name;
}

absl::Status Fleet::Detach(absl::string_view name) {
  if (const auto it = sources_.find(name); it != sources_.end()) {
    it->second->RemoveAll("its source was detached");
    sources_.erase(it);
    return absl::OkStatus();
  }
  const std::optional<v1::Instance> instance = broker_->Find(name);
  if (!instance) {
    return absl::NotFoundError(absl::StrCat("no instance or source is named '", name, "'"));
  }
  if (!instance->source().empty()) {
    return absl::FailedPreconditionError(absl::StrCat("source '", instance->source(),
                                                      "' found instance '", name,
                                                      "': only the whole source can be detached"));
  }
  broker_->RemoveInstance(name, "it was detached");
  return absl::OkStatus();
}

std::vector<v1::InstanceSource> Fleet::Sources() const {
  std::vector<v1::InstanceSource> out;
  for (const auto& [name, source] : sources_) out.push_back(source->Snapshot());
  return out;
}

std::string Fleet::VersionOf(absl::string_view name, absl::string_view source) const {
  for (const absl::string_view owner : {name, source}) {
    const auto it = versions_.find(std::string(owner));
    if (it != versions_.end()) return it->second;
  }
  return "";
}

}  // namespace scamper::broker
