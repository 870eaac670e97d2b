// SPDX-License-Identifier: Apache-2.0
#include "server/service/instance_filter.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "scamper/v1/control.pb.h"

namespace scamper::service {
namespace {

using Kind = filter::Field::Kind;
using filter::Values;

struct InstanceField {
  filter::Field field;
  void (*values)(const v1::Instance&, Values*);
};

void AddText(const std::string& text, Values* values) {
  if (!text.empty()) values->texts.emplace_back(text);
}

// A text of the instance, or of its vantage point.
template <auto get>
void Text(const v1::Instance& instance, Values* values) {
  AddText((instance.*get)(), values);
}
template <auto get>
void VpText(const v1::Instance& instance, Values* values) {
  AddText((instance.vantage_point().*get)(), values);
}

absl::string_view StateName(v1::InstanceState state) {
  switch (state) {
    case v1::INSTANCE_STATE_CONNECTING:
      return "connecting";
    case v1::INSTANCE_STATE_READY:
      return "ready";
    case v1::INSTANCE_STATE_LOST:
      return "lost";
    default:
      return "";
  }
}

void State(const v1::Instance& instance, Values* values) {
  values->texts.push_back(StateName(instance.state()));
}

void MonitorName(const v1::Instance& instance, Values* values) {
  AddText(instance.has_monitor_name() ? instance.monitor_name()
                                      : instance.vantage_point().monitor_name(),
          values);
}

void Tags(const v1::Instance& instance, Values* values) {
  for (const std::string& tag : instance.vantage_point().tags()) values->texts.emplace_back(tag);
}

void Capabilities(const v1::Instance& instance, Values* values) {
  for (const std::string& name : instance.capabilities()) values->texts.emplace_back(name);
}

void Asn(const v1::Instance& instance, Values* values) {
  const v1::VantagePoint& vp = instance.vantage_point();
  if (vp.has_asn4()) values->numbers.push_back(vp.asn4());
  if (vp.has_asn6()) values->numbers.push_back(vp.asn6());
}

template <auto get>
void Coordinate(const v1::Instance& instance, Values* values) {
  const v1::VantagePoint& vp = instance.vantage_point();
  if (vp.has_location()) values->numbers.push_back((vp.location().*get)());
}

void Pps(const v1::Instance& instance, Values* values) {
  if (instance.has_pps()) values->numbers.push_back(instance.pps());
}

using I = v1::Instance;
using V = v1::VantagePoint;

constexpr InstanceField kFields[] = {
    {{"name"}, Text<&I::name>},
    {{"endpoint"}, Text<&I::endpoint>},
    {{"source"}, Text<&I::source>},
    {{"state"}, State},
    {{"error"}, Text<&I::error>},
    {{"version"}, Text<&I::version>},
    {{"monitor_name"}, MonitorName},
    {{"shortname"}, VpText<&V::shortname>},
    {{"country"}, VpText<&V::country>},
    {{"region"}, VpText<&V::region>},
    {{"place"}, VpText<&V::place>},
    {{"iata"}, VpText<&V::iata>},
    {{"ipv4"}, VpText<&V::ipv4>},
    {{"ipv6"}, VpText<&V::ipv6>},
    {{"tags", Kind::kTexts}, Tags},
    {{"capabilities", Kind::kTexts}, Capabilities},
    {{"asn", Kind::kNumber, "AS"}, Asn},
    {{"latitude", Kind::kNumber}, Coordinate<&v1::Location::latitude>},
    {{"longitude", Kind::kNumber}, Coordinate<&v1::Location::longitude>},
    {{"pps", Kind::kNumber}, Pps},
};

}  // namespace

absl::StatusOr<filter::Filter> ParseInstanceFilter(absl::string_view text) {
  std::vector<filter::Field> fields;
  for (const InstanceField& field : kFields) fields.push_back(field.field);
  absl::StatusOr<filter::Filter> parsed = filter::Filter::Parse(text, fields);
  if (parsed.ok()) return parsed;
  return absl::InvalidArgumentError(absl::StrCat("instance_filter: ", parsed.status().message()));
}

bool Matches(const filter::Filter& filter, const v1::Instance& instance) {
  return filter.Matches(
      [&](size_t field, Values* values) { kFields[field].values(instance, values); });
}

}  // namespace scamper::service
