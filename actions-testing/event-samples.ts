/** People and places that events are drawn from: names that are not all ASCII, on two continents. */
export const givenNames = [
  'Amara',
  'Bjørn',
  'Chen',
  'Dolores',
  'Émile',
  'Fatima',
  'Goran',
  'Hana',
] as const
export const familyNames = [
  "O'Neill",
  'Sørensen',
  'Li',
  'Ibarra',
  'Dubois',
  'Haddad',
  'Kovač',
  'Mori',
] as const
export const places = [
  {
    cityName: 'Berlin',
    continentCode: 'EU',
    countryCode: 'DE',
    countryCode3: 'DEU',
    countryName: 'Germany',
    latitude: 52.52,
    longitude: 13.41,
    timeZone: 'Europe/Berlin',
  },
  {
    cityName: 'Porto',
    continentCode: 'EU',
    countryCode: 'PT',
    countryCode3: 'PRT',
    countryName: 'Portugal',
    latitude: 41.15,
    longitude: -8.61,
    timeZone: 'Europe/Lisbon',
  },
  {
    cityName: 'Sendai',
    continentCode: 'AS',
    countryCode: 'JP',
    countryCode3: 'JPN',
    countryName: 'Japan',
    latitude: 38.27,
    longitude: 140.87,
    timeZone: 'Asia/Tokyo',
  },
] as const
